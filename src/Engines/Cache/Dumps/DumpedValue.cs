using System.Buffers;

namespace Groundwork.Cache.Dumps;

/// <summary>Reads a dump's value, by its type.</summary>
internal static class DumpedValue
{
    private const int NumberBytes = 20;

    // Kinds of the pieces that a list is dumped in since Redis 7.
    private const int LongElement = 1;
    private const int ListPack = 2;

    /// <summary>Shows a value to a sink.</summary>
    /// <returns>False where it is empty, or of no type that is here. Whether all was as it must be, the reader says.</returns>
    public static bool TryRead<TSink>(DumpType type, ref DumpReader reader, ref TSink sink)
        where TSink : IDumpSink, allows ref struct
    {
        switch (type)
        {
            case DumpType.Text:
                sink.Text(reader.Text());
                return true;
            case DumpType.ListZipList:
                return Items(PieceForm.ZipList, reader.Text(), areMembers: false, ref sink);
            case DumpType.IntegerSet:
                return Items(PieceForm.IntegerSet, reader.Text(), areMembers: true, ref sink);
            case DumpType.SetListPack:
                return Items(PieceForm.ListPack, reader.Text(), areMembers: true, ref sink);
            case DumpType.HashZipList:
                return Fields(PieceForm.ZipList, reader.Text(), ref sink);
            case DumpType.HashListPack:
                return Fields(PieceForm.ListPack, reader.Text(), ref sink);
            case DumpType.SortedSetZipList:
                return Scored(PieceForm.ZipList, reader.Text(), ref sink);
            case DumpType.SortedSetListPack:
                return Scored(PieceForm.ListPack, reader.Text(), ref sink);
        }

        var count = reader.Count();
        if (count == 0)
            return false;
        for (; count > 0 && !reader.Failed; count--)
        {
            if (!TryReadOne(type, ref reader, ref sink))
                return false;
        }

        return true;
    }

    private static bool TryReadOne<TSink>(DumpType type, ref DumpReader reader, ref TSink sink)
        where TSink : IDumpSink, allows ref struct
    {
        switch (type)
        {
            case DumpType.List:
                sink.Element(reader.Text());
                return true;
            case DumpType.Set:
                sink.Member(reader.Text());
                return true;
            case DumpType.Hash:
                Field(ref reader, ref sink);
                return true;
            case DumpType.SortedSetOfTexts:
            case DumpType.SortedSet:
                return Scored(type, ref reader, ref sink);
            case DumpType.ListZipLists:
                return Items(PieceForm.ZipList, reader.Text(), areMembers: false, ref sink);
            case DumpType.ListListPacks:
                return Node(ref reader, ref sink);
            default:
                return false;
        }
    }

    private static bool Node<TSink>(ref DumpReader reader, ref TSink sink)
        where TSink : IDumpSink, allows ref struct
    {
        switch (reader.Number())
        {
            case LongElement:
                sink.Element(reader.Text());
                return true;
            case ListPack:
                return Items(PieceForm.ListPack, reader.Text(), areMembers: false, ref sink);
            default:
                return false;
        }
    }

    // The name is kept aside while the value is read: both may be packed.
    private static void Field<TSink>(ref DumpReader reader, ref TSink sink)
        where TSink : IDumpSink, allows ref struct
    {
        var text = reader.Text();
        var rented = ArrayPool<byte>.Shared.Rent(text.Length);
        var name = rented.AsSpan(0, text.Length);
        text.CopyTo(name);
        sink.Field(name, reader.Text());
        ArrayPool<byte>.Shared.Return(rented);
    }

    private static bool Scored<TSink>(DumpType type, ref DumpReader reader, ref TSink sink)
        where TSink : IDumpSink, allows ref struct
    {
        // Doubles are read from the bytes themselves and leave the member where it is.
        var member = reader.Text();
        var score = type == DumpType.SortedSet ? reader.Double() : reader.DoubleText();
        if (double.IsNaN(score))
            return false;
        sink.Scored(member, score);
        return true;
    }

    private static bool Items<TSink>(PieceForm form, ReadOnlySpan<byte> piece, bool areMembers, ref TSink sink)
        where TSink : IDumpSink, allows ref struct
    {
        Span<byte> number = stackalloc byte[NumberBytes];
        var items = new PieceReader(form, piece, number);
        var any = false;
        for (; items.MoveNext(); any = true)
        {
            if (areMembers)
                sink.Member(items.Current);
            else
                sink.Element(items.Current);
        }

        return any && !items.Failed;
    }

    private static bool Fields<TSink>(PieceForm form, ReadOnlySpan<byte> piece, ref TSink sink)
        where TSink : IDumpSink, allows ref struct
    {
        Span<byte> number = stackalloc byte[NumberBytes];
        Span<byte> nameNumber = stackalloc byte[NumberBytes];
        var items = new PieceReader(form, piece, number);
        var any = false;
        for (; items.MoveNext(); any = true)
        {
            // A number is written where the next one will be.
            var name = Keep(items.Current, number, nameNumber);
            if (!items.MoveNext())
                return false;
            sink.Field(name, items.Current);
        }

        return any && !items.Failed;
    }

    private static bool Scored<TSink>(PieceForm form, ReadOnlySpan<byte> piece, ref TSink sink)
        where TSink : IDumpSink, allows ref struct
    {
        Span<byte> number = stackalloc byte[NumberBytes];
        Span<byte> memberNumber = stackalloc byte[NumberBytes];
        var items = new PieceReader(form, piece, number);
        var any = false;
        for (; items.MoveNext(); any = true)
        {
            var member = Keep(items.Current, number, memberNumber);
            if (!items.MoveNext() || !TryScore(items.Current, out var score))
                return false;
            sink.Scored(member, score);
        }

        return any && !items.Failed;
    }

    private static ReadOnlySpan<byte> Keep(ReadOnlySpan<byte> item, Span<byte> number, Span<byte> kept)
    {
        if (!item.Overlaps(number))
            return item;
        item.CopyTo(kept);
        return kept[..item.Length];
    }

    private static bool TryScore(ReadOnlySpan<byte> text, out double score)
    {
        if (System.Buffers.Text.Utf8Parser.TryParse(text, out score, out var used) && used == text.Length)
            return !double.IsNaN(score);
        score = text is [(byte)'-', ..] ? double.NegativeInfinity : double.PositiveInfinity;
        return text.TrimStart((byte)'-').SequenceEqual("inf"u8);
    }
}
