using System.Buffers;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Sets;

/// <summary>The sets that a command's arguments name, read under the locks of all of them.</summary>
internal readonly ref struct SetOperands : IDisposable
{
    private readonly SetView[] _rented;
    private readonly int _count;

    private SetOperands(int count)
    {
        _count = count;
        _rented = ArrayPool<SetView>.Shared.Rent(count);
    }

    /// <summary>The sets; may be sorted.</summary>
    public Span<SetView> Sets => _rented.AsSpan(0, _count);

    /// <summary>Looks the sets up; if one of the keys holds something else, that is the answer.</summary>
    /// <param name="call">The command.</param>
    /// <param name="first">The place of the first key.</param>
    /// <param name="end">The place behind the last key.</param>
    /// <param name="operands">The sets, empty ones where keys are not there; to be disposed of also where there is an error.</param>
    public static bool TryRead(Call call, int first, int end, out SetOperands operands)
    {
        operands = new SetOperands(end - first);
        for (var i = first; i < end; i++)
        {
            if (!call.TryReadSet(i, out operands.Sets[i - first]))
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<SetView>.Shared.Return(_rented, clearArray: true);
}
