using System.Runtime.CompilerServices;

namespace Groundwork.Cache.Packed;

/// <summary>An entry of a table, where it stands; good until the table is next changed.</summary>
internal readonly unsafe struct TableEntry(byte* at)
{
    /// <summary>Its field.</summary>
    public PackedItem Field => new(at);

    /// <summary>Its value, in a table of values.</summary>
    public PackedItem Value => new(at + Field.EncodedBytes);

    /// <summary>Its score, in a table of scores.</summary>
    public double Score => Unsafe.ReadUnaligned<double>(at + Field.EncodedBytes);
}

/// <summary>Takes the entries of a table that it is shown; it must not change the table.</summary>
internal interface ITableVisitor
{
    void Visit(TableEntry entry);
}
