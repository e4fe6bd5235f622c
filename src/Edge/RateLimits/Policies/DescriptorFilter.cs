namespace Groundwork.RateLimits.Policies;

/// <summary>
/// Which descriptors of Envoy's a policy is for: those of a domain with exactly these entries, in this order. Immutable.
/// </summary>
/// <param name="Domain">The domain.</param>
/// <param name="Entries">The entries.</param>
internal sealed record DescriptorFilter(string Domain, IReadOnlyList<DescriptorEntry> Entries)
{
    /// <summary>The most entries.</summary>
    public const int MaxEntries = 16;

    /// <summary>The longest domain, and the longest entry, in characters.</summary>
    public const int MaxLength = 256;

    /// <summary>Whether another is for the same descriptors.</summary>
    public bool Equals(DescriptorFilter? other) => other is not null && Domain == other.Domain && Entries.SequenceEqual(other.Entries);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Domain, Entries.Count);

    /// <summary>The places of the entries whose values tell callers apart.</summary>
    public IReadOnlyList<int> Telling { get; } = [.. Enumerable.Range(0, Entries.Count).Where(i => Entries[i].Value is null)];
}

/// <summary>An entry: of any value, which tells callers apart, or of one. Immutable.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Value">The value that it must have; null for any.</param>
internal sealed record DescriptorEntry(string Key, string? Value)
{
    /// <summary>How it is written in a policy.</summary>
    public string Text => Value is null ? Key : $"{Key}={Value}";

    /// <summary>Reads <c>remote_address</c>, <c>generic_key=slow</c>; null for anything else.</summary>
    public static DescriptorEntry? Parse(string text)
    {
        if (text.Length is 0 or > DescriptorFilter.MaxLength)
            return null;
        return text.IndexOf('=', StringComparison.Ordinal) switch
        {
            0 => null,
            < 0 => new(text, null),
            var at => new(text[..at], text[(at + 1)..]),
        };
    }
}
