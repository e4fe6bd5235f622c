using System.Runtime.InteropServices;
using System.Text;

namespace Groundwork.Cache.Resp;

/// <summary>
/// The arguments of one command, the command's name first: ranges of the bytes it came in, without a copy.
/// <para>What a <see cref="RequestParser"/> hands out is valid until its next request is parsed, and only while the buffer
/// given to it stays where it is: within one <see cref="ClientSession.OnCommand"/>. What has to last longer is a
/// <see cref="CopyOf"/>. Not thread-safe; a copy may be read by any thread.</para>
/// </summary>
internal sealed unsafe class Arguments
{
    // Grown for one large command, the table is let go with the next one.
    private const int KeptRanges = 256;
    private const int FirstRanges = 8;

    private readonly byte[]? _owned;
    private Range[] _ranges;
    private byte* _base;

    public Arguments() => _ranges = new Range[FirstRanges];

    private Arguments(byte[] owned, Range[] ranges)
    {
        _owned = owned;
        _ranges = ranges;
        Count = ranges.Length;
    }

    /// <summary>How many there are, 1 or more in a command.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes of all arguments together.</summary>
    public long Bytes
    {
        get
        {
            var bytes = 0L;
            foreach (var range in _ranges.AsSpan(0, Count))
                bytes += range.Length;
            return bytes;
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">There is no such argument.</exception>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            var range = _ranges[index];
            return _owned is null ? new ReadOnlySpan<byte>(_base + range.Start, range.Length) : _owned.AsSpan(range.Start, range.Length);
        }
    }

    /// <summary>The same arguments with bytes of their own, which nothing else changes.</summary>
    public static Arguments CopyOf(Arguments other)
    {
        var ranges = new Range[other.Count];
        var bytes = GC.AllocateUninitializedArray<byte>(checked((int)other.Bytes));
        var at = 0;
        for (var i = 0; i < ranges.Length; i++)
        {
            var argument = other[i];
            argument.CopyTo(bytes.AsSpan(at));
            ranges[i] = new Range(at, argument.Length);
            at += argument.Length;
        }

        return new Arguments(bytes, ranges);
    }

    /// <summary>Arguments from text, as UTF-8: for commands that do not come from a connection.</summary>
    public static Arguments Of(params ReadOnlySpan<string> words)
    {
        var bytes = new byte[words.Length][];
        for (var i = 0; i < words.Length; i++)
            bytes[i] = Encoding.UTF8.GetBytes(words[i]);
        return Of(bytes);
    }

    /// <summary>Arguments from bytes, which are copied.</summary>
    public static Arguments Of(byte[][] words)
    {
        var ranges = new Range[words.Length];
        var bytes = new List<byte>();
        for (var i = 0; i < words.Length; i++)
        {
            ranges[i] = new Range(bytes.Count, words[i].Length);
            bytes.AddRange(words[i]);
        }

        return new Arguments([.. bytes], ranges);
    }

    /// <summary>Forgets what was there, for the next request.</summary>
    internal void Clear()
    {
        Count = 0;
        if (_ranges.Length > KeptRanges)
            _ranges = new Range[FirstRanges];
    }

    /// <summary>Adds an argument by its place, counted from where the request begins.</summary>
    internal void Add(int start, int length)
    {
        if (Count == _ranges.Length)
            Array.Resize(ref _ranges, _ranges.Length * 2);
        _ranges[Count++] = new Range(start, length);
    }

    /// <summary>Says where the request begins, once all of it is there.</summary>
    internal void Locate(byte* start) => _base = start;

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Range(int Start, int Length);
}
