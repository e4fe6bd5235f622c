namespace Groundwork.Cache.Dumps;

/// <summary>Takes a value as it is read from a dump: a string, or the items of a collection one after the other.</summary>
internal interface IDumpSink
{
    /// <summary>The string that the value is.</summary>
    void Text(scoped ReadOnlySpan<byte> text);

    /// <summary>The next element of the list that it is.</summary>
    void Element(scoped ReadOnlySpan<byte> element);

    /// <summary>A member of the set that it is.</summary>
    void Member(scoped ReadOnlySpan<byte> member);

    /// <summary>A field of the hash that it is.</summary>
    void Field(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value);

    /// <summary>A member of the sorted set that it is.</summary>
    void Scored(scoped ReadOnlySpan<byte> member, double score);
}
