using Groundwork.Cache.Entries;
using Groundwork.Cache.Memory;
using Groundwork.Cache.Packed;
using Groundwork.Cache.Values;
using Groundwork.Ports.Caching.Inspection;

namespace Groundwork.Cache.Inspection;

/// <summary>
/// A part of a value, copied under its shard's lock: until it has as many elements, or as many bytes of them, as it may.
/// </summary>
/// <remarks>Lists and sorted sets go on at an index, strings at a byte, hashes and sets at a cursor as HSCAN has it.</remarks>
/// <param name="count">About how many elements.</param>
/// <param name="bytes">How much of each, and of a string.</param>
/// <param name="total">How much of all of them, about.</param>
internal sealed class ElementPage(int count, int bytes, int total)
{
    private readonly List<CachedElement> _elements = [];

    /// <summary>What was read.</summary>
    public IReadOnlyList<CachedElement> Elements => _elements;

    /// <summary>How many bytes of it there are.</summary>
    public long Bytes { get; private set; }

    private bool IsFull => _elements.Count >= count || Bytes >= total;

    /// <summary>How many elements a value has; of a string, how many bytes.</summary>
    public static long LengthOf(Shard shard, Found found) => ValueKinds.Of(found.Form) switch
    {
        ValueKind.Text => Texts.Length(found),
        ValueKind.List => new ListView(shard, found).Count,
        ValueKind.Hash => new HashView(shard, found).Count,
        ValueKind.Set => new SetView(shard, found).Count,
        _ => new SortedSetView(shard, found).Count,
    };

    /// <summary>Reads on from a cursor.</summary>
    /// <returns>Where to go on; null at the end.</returns>
    public ulong? Read(Shard shard, Found found, ulong cursor)
    {
        switch (ValueKinds.Of(found.Form))
        {
            case ValueKind.Text:
                return ReadText(shard, found, cursor);
            case ValueKind.List:
                var list = new ListView(shard, found);
                return cursor < list.Count ? ReadOrdered(list.From((uint)cursor), (uint)cursor, list.Count, list.Chunks, scored: false) : null;
            case ValueKind.SortedSet:
                var sorted = new SortedSetView(shard, found);
                return cursor < sorted.Count ? ReadOrdered(sorted.From((uint)cursor), (uint)cursor, sorted.Count, sorted.Chunks, scored: true) : null;
            case ValueKind.Hash:
                var hash = new HashView(shard, found);
                var fields = new FieldVisitor(this, hash.Chunks);
                do
                {
                    cursor = hash.Scan(cursor, 1, ref fields);
                }
                while (cursor != 0 && !IsFull);
                return cursor == 0 ? null : cursor;
            default:
                var set = new SetView(shard, found);
                var members = new MemberVisitor(this, set.Chunks);
                do
                {
                    cursor = set.Scan(cursor, 1, ref members);
                }
                while (cursor != 0 && !IsFull);
                return cursor == 0 ? null : cursor;
        }
    }

    private ulong? ReadText(Shard shard, Found found, ulong cursor)
    {
        var length = (ulong)Texts.Length(found);
        var start = Math.Min(cursor, length);
        var part = new byte[Math.Min(length - start, (ulong)bytes)];
        if (part.Length > 0)
            Texts.Read(shard, found, (long)start, part);
        Add(new CachedElement(new CachedBytes(part, (long)length)));
        return start + (ulong)part.Length < length ? start + (ulong)part.Length : null;
    }

    private ulong? ReadOrdered(ItemCursor at, uint index, uint length, Chunks chunks, bool scored)
    {
        for (; index < length && !IsFull; index++)
        {
            var entry = at.Current;
            Add(new CachedElement(Copy(entry.Item, chunks), Score: scored ? entry.Score : 0));
            at.MoveNext();
        }

        return index < length ? index : null;
    }

    private void Add(CachedElement element)
    {
        _elements.Add(element);
        Bytes += element.Value.Shown.Length + element.Field.Shown.Length;
    }

    private CachedBytes Copy(PackedItem item, Chunks chunks) => new(item.ToArray(chunks, bytes), item.Length);

    private readonly struct FieldVisitor(ElementPage page, Chunks chunks) : IHashVisitor
    {
        public void Visit(HashField field) => page.Add(new CachedElement(page.Copy(field.Value, chunks), page.Copy(field.Name, chunks)));
    }

    private readonly struct MemberVisitor(ElementPage page, Chunks chunks) : ISetVisitor
    {
        public void Visit(SetMember member)
        {
            Span<byte> scratch = stackalloc byte[PackedItem.ScratchBytes];
            if (!member.IsNumber)
                page.Add(new CachedElement(page.Copy(member.Item, chunks)));
            else if (member.NumberText(scratch) is var text)
                page.Add(new CachedElement(new CachedBytes(text[..Math.Min(text.Length, page.MostOfEach)].ToArray(), text.Length)));
        }
    }

    private int MostOfEach => bytes;
}
