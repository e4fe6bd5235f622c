using System.Globalization;

namespace Groundwork.Ports.Experiments;

/// <summary>What a drill saw that the claim forbids: counts everything, keeps an example of each kind. Safe for concurrent use.</summary>
public sealed class Findings
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, (long Count, string Example)> _kinds = new(StringComparer.Ordinal);

    /// <summary>Whether the claim stands.</summary>
    public bool IsClean
    {
        get
        {
            lock (_gate)
                return _kinds.Count == 0;
        }
    }

    /// <summary>Notes a breach.</summary>
    /// <param name="kind">What went wrong, in the plural: <c>acknowledged links are lost</c>.</param>
    /// <param name="example">This one.</param>
    public void Add(string kind, string example)
    {
        lock (_gate)
            _kinds[kind] = _kinds.TryGetValue(kind, out var known) ? known with { Count = known.Count + 1 } : (1, example);
    }

    /// <summary>Notes a breach where something is not as it must be.</summary>
    public void Require(bool holds, string kind, string example)
    {
        if (!holds)
            Add(kind, example);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        lock (_gate)
        {
            return string.Join("; ", _kinds.Select(k => string.Create(
                CultureInfo.InvariantCulture, $"{k.Value.Count:N0} {k.Key} ({k.Value.Example})"))) + ".";
        }
    }
}
