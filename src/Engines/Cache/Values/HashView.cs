using Groundwork.Cache.Entries;
using Groundwork.Cache.Memory;
using Groundwork.Cache.Packed;

namespace Groundwork.Cache.Values;

/// <summary>
/// A hash as it is read, whatever its form; a key that is not there is an empty one. Good under the shard's lock until the hash is
/// changed, whatever happens to other keys.
/// </summary>
internal readonly unsafe struct HashView
{
    private readonly Shard? _shard;
    private readonly byte* _value;
    private readonly int _length;
    private readonly bool _isTable;

    public HashView(Shard shard, Found found)
    {
        if (!found.Exists)
            return;
        _shard = shard;
        _value = Entry.Value(found.Entry);
        _length = found.Entry->ValueLength;
        _isTable = found.Form == ValueForm.TableHash;
    }

    /// <summary>How many fields there are. In one piece they are counted.</summary>
    public uint Count => _isTable ? Table.Count : (uint)Items.Count() / 2;

    /// <summary>Whether there are none, in constant time.</summary>
    public bool IsEmpty => _isTable ? Table.Count == 0 : _length == 0;

    /// <summary>The bytes that it takes, without its entry where it is in a table.</summary>
    public long Bytes => _isTable ? Table.Bytes : _length;

    /// <summary>Where long items are; not of a hash that is not there.</summary>
    public Chunks Chunks => _shard!.Chunks;

    private PackedItems Items => new(_value, _length, 0);

    private PackedTable Table => new(Chunks, _shard!.HashKey, ref *(TableRoot*)_value);

    /// <summary>Finds a field's value.</summary>
    public bool TryGet(ReadOnlySpan<byte> field, out PackedItem value)
    {
        value = default;
        if (_isTable)
        {
            if (!Table.TryGet(field, out var entry))
                return false;
            value = entry.Value;
            return true;
        }

        if (_length == 0)
            return false;
        var items = Items;
        var at = items.Find(new ItemText(field), Chunks, step: 2);
        if (at < 0)
            return false;
        value = items[items.Next(at)];
        return true;
    }

    /// <summary>All fields: in one piece in the order in which they came, in a table in none.</summary>
    public HashEnumerator GetEnumerator() =>
        _isTable ? new HashEnumerator(new TableEnumerator(Chunks, ref *(TableRoot*)_value)) : new HashEnumerator(Items);

    /// <summary>Shows the visitor some more fields, all of them where they are in one piece; see <see cref="PackedTable.Scan"/>.</summary>
    /// <returns>The cursor to go on with; 0 when all were shown.</returns>
    public ulong Scan<TVisitor>(ulong cursor, int count, ref TVisitor visitor)
        where TVisitor : struct, IHashVisitor
    {
        if (_isTable)
        {
            var entries = new EntryVisitor<TVisitor>(ref visitor);
            return Table.Scan(cursor, count, ref entries);
        }

        foreach (var field in this)
            visitor.Visit(field);
        return 0;
    }

    /// <summary>One field, each equally likely; there is one.</summary>
    public HashField Draw()
    {
        var random = _shard!.Random;
        if (_isTable)
            return new HashField(TableSampling.Draw(Table, random));
        var items = Items;
        var at = items.Skip(random.Next((int)Count) * 2);
        return new HashField(items[at], items[items.Next(at)]);
    }

    /// <summary>Shows the visitor distinct fields, each set of so many equally likely; all where there are no more.</summary>
    public void DrawDistinct<TVisitor>(int count, ref TVisitor visitor)
        where TVisitor : struct, IHashVisitor
    {
        if (_isTable)
        {
            var entries = new EntryVisitor<TVisitor>(ref visitor);
            TableSampling.DrawDistinct(Table, _shard!.Random, count, ref entries);
            return;
        }

        // As many as are still wanted, of as many as are left.
        var left = (int)Count;
        count = Math.Min(count, left);
        foreach (var field in this)
        {
            if (_shard!.Random.Next(left--) >= count)
                continue;
            visitor.Visit(field);
            count--;
        }
    }

    private readonly ref struct EntryVisitor<TVisitor>(ref TVisitor visitor) : ITableVisitor
        where TVisitor : struct, IHashVisitor
    {
        private readonly ref TVisitor _visitor = ref visitor;

        public void Visit(TableEntry entry) => _visitor.Visit(new HashField(entry));
    }
}

/// <summary>A field of a hash with its value, where they stand.</summary>
internal readonly struct HashField(PackedItem name, PackedItem value)
{
    public HashField(TableEntry entry)
        : this(entry.Field, entry.Value)
    {
    }

    /// <summary>Its name.</summary>
    public PackedItem Name => name;

    /// <summary>What it holds.</summary>
    public PackedItem Value => value;
}

/// <summary>Takes the fields of a hash that it is shown; it must not change the hash.</summary>
internal interface IHashVisitor
{
    void Visit(HashField field);
}

/// <summary>Walks the fields of a hash.</summary>
internal ref struct HashEnumerator
{
    private readonly bool _isTable;
    private readonly PackedItems _items;
    private TableEnumerator _table;
    private int _at;
    private int _next;

    public HashEnumerator(PackedItems items) => _items = items;

    public HashEnumerator(TableEnumerator table)
    {
        _isTable = true;
        _table = table;
    }

    /// <summary>The field it stands at.</summary>
    public readonly HashField Current =>
        _isTable ? new HashField(_table.Current) : new HashField(_items[_at], _items[_items.Next(_at)]);

    /// <summary>Goes to the next field.</summary>
    public bool MoveNext()
    {
        if (_isTable)
            return _table.MoveNext();
        if (_next >= _items.Length)
            return false;
        _at = _next;
        _next = _items.Skip(2, _at);
        return true;
    }
}
