namespace Groundwork.Cache.Dumps;

/// <summary>Sees whether a dump can be read, and about how many bytes its value takes.</summary>
internal struct DumpMeasure : IDumpSink
{
    // About what a table or a tree keeps of an item beside its bytes.
    private const int ItemBytes = 16;

    /// <summary>So many bytes.</summary>
    public long Bytes { get; private set; }

    public void Text(scoped ReadOnlySpan<byte> text) => Bytes += text.Length;

    public void Element(scoped ReadOnlySpan<byte> element) => Bytes += element.Length + ItemBytes;

    public void Member(scoped ReadOnlySpan<byte> member) => Bytes += member.Length + ItemBytes;

    public void Field(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value) => Bytes += name.Length + value.Length + ItemBytes;

    // Once in the table, once in the tree.
    public void Scored(scoped ReadOnlySpan<byte> member, double score) => Bytes += 2 * (member.Length + ItemBytes);
}
