using System.Buffers.Text;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Memory;
using Groundwork.Cache.Packed;

namespace Groundwork.Cache.Values;

/// <summary>
/// A set as it is read, whatever its form; a key that is not there is an empty one. Good under the shard's lock until the set is
/// changed, whatever happens to other keys.
/// </summary>
internal readonly unsafe struct SetView
{
    private readonly Shard? _shard;
    private readonly byte* _value;
    private readonly int _length;
    private readonly ValueForm _form;

    public SetView(Shard shard, Found found)
    {
        if (!found.Exists)
            return;
        _shard = shard;
        _value = Entry.Value(found.Entry);
        _length = found.Entry->ValueLength;
        _form = found.Form;
    }

    /// <summary>How many members there are. In one piece they are counted, unless they are numbers.</summary>
    public uint Count => _form switch
    {
        ValueForm.TableSet => Table.Count,
        ValueForm.IntegerSet => (uint)Integers.Count,
        _ => (uint)Items.Count(),
    };

    /// <summary>Whether there are none, in constant time.</summary>
    public bool IsEmpty => _form == ValueForm.TableSet ? Table.Count == 0 : _length == 0;

    /// <summary>About how many bytes it takes.</summary>
    public long Bytes => _form == ValueForm.TableSet ? Table.Bytes : _length;

    /// <summary>Where long items are; not of a set that is not there.</summary>
    public Chunks Chunks => _shard!.Chunks;

    private IntegerItems Integers => new(_value, _length);

    private PackedItems Items => new(_value, _length, 0);

    private PackedTable Table => new(Chunks, _shard!.HashKey, ref *(TableRoot*)_value);

    /// <summary>Whether a member is there.</summary>
    public bool Contains(in ItemText member) => _form switch
    {
        ValueForm.TableSet => Table.Contains(member.Bytes),
        ValueForm.IntegerSet => member.IsNumber && Integers.TryFind(member.Number, out _),
        _ => _length > 0 && Items.Find(member, Chunks) >= 0,
    };

    /// <summary>All members: numbers in ascending order, others in one piece as they came, in a table in no order.</summary>
    public SetEnumerator GetEnumerator() => _form switch
    {
        ValueForm.TableSet => new SetEnumerator(new TableEnumerator(Chunks, ref *(TableRoot*)_value)),
        ValueForm.IntegerSet => new SetEnumerator(Integers),
        _ => new SetEnumerator(Items),
    };

    /// <summary>Shows the visitor some more members, all of them where they are in one piece; see <see cref="PackedTable.Scan"/>.</summary>
    /// <returns>The cursor to go on with; 0 when all were shown.</returns>
    public ulong Scan<TVisitor>(ulong cursor, int count, ref TVisitor visitor)
        where TVisitor : struct, ISetVisitor
    {
        if (_form == ValueForm.TableSet)
        {
            var entries = new EntryVisitor<TVisitor>(ref visitor);
            return Table.Scan(cursor, count, ref entries);
        }

        foreach (var member in this)
            visitor.Visit(member);
        return 0;
    }

    /// <summary>One member, each equally likely; there is one.</summary>
    public SetMember Draw()
    {
        var random = _shard!.Random;
        switch (_form)
        {
            case ValueForm.TableSet:
                return new SetMember(TableSampling.Draw(Table, random).Field);
            case ValueForm.IntegerSet:
                var numbers = Integers;
                return new SetMember(numbers[random.Next(numbers.Count)]);
            default:
                var items = Items;
                return new SetMember(items[items.Skip(random.Next(items.Count()))]);
        }
    }

    /// <summary>Shows the visitor distinct members, each set of so many equally likely; all where there are no more.</summary>
    public void DrawDistinct<TVisitor>(int count, ref TVisitor visitor)
        where TVisitor : struct, ISetVisitor
    {
        if (_form == ValueForm.TableSet)
        {
            var entries = new EntryVisitor<TVisitor>(ref visitor);
            TableSampling.DrawDistinct(Table, _shard!.Random, count, ref entries);
            return;
        }

        // As many as are still wanted, of as many as are left.
        var left = (int)Count;
        count = Math.Min(count, left);
        foreach (var member in this)
        {
            if (_shard!.Random.Next(left--) >= count)
                continue;
            visitor.Visit(member);
            count--;
        }
    }

    private readonly ref struct EntryVisitor<TVisitor>(ref TVisitor visitor) : ITableVisitor
        where TVisitor : struct, ISetVisitor
    {
        private readonly ref TVisitor _visitor = ref visitor;

        public void Visit(TableEntry entry) => _visitor.Visit(new SetMember(entry.Field));
    }
}

/// <summary>A member of a set: an item where it stands, or a number.</summary>
internal readonly unsafe struct SetMember
{
    private readonly PackedItem _item;
    private readonly long _number;

    public SetMember(PackedItem item) => _item = item;

    public SetMember(long number) => _number = number;

    /// <summary>Whether it is kept as a number.</summary>
    public bool IsNumber => _item.At is null || _item.IsNumber;

    /// <summary>The number, where it is kept as one.</summary>
    public long Number => _item.At is null ? _number : _item.Number;

    /// <summary>The item, where it is not kept as a number.</summary>
    public PackedItem Item => _item;

    /// <summary>The number's text, where it is kept as one.</summary>
    /// <param name="scratch">At least <see cref="PackedItem.ScratchBytes"/>.</param>
    public ReadOnlySpan<byte> NumberText(Span<byte> scratch)
    {
        Utf8Formatter.TryFormat(Number, scratch, out var length);
        return scratch[..length];
    }
}

/// <summary>Takes the members of a set that it is shown; it must not change the set.</summary>
internal interface ISetVisitor
{
    void Visit(SetMember member);
}

/// <summary>Walks the members of a set.</summary>
internal ref struct SetEnumerator
{
    private readonly ValueForm _form;
    private readonly IntegerItems _numbers;
    private readonly PackedItems _items;
    private TableEnumerator _table;
    private int _at;
    private int _next;

    public SetEnumerator(IntegerItems numbers) => (_form, _numbers) = (ValueForm.IntegerSet, numbers);

    public SetEnumerator(PackedItems items) => (_form, _items) = (ValueForm.PackedSet, items);

    public SetEnumerator(TableEnumerator table)
    {
        _form = ValueForm.TableSet;
        _table = table;
    }

    /// <summary>The member it stands at.</summary>
    public readonly SetMember Current => _form switch
    {
        ValueForm.TableSet => new SetMember(_table.Current.Field),
        ValueForm.IntegerSet => new SetMember(_numbers[_at]),
        _ => new SetMember(_items[_at]),
    };

    /// <summary>Goes to the next member.</summary>
    public bool MoveNext()
    {
        if (_form == ValueForm.TableSet)
            return _table.MoveNext();
        if (_next >= (_form == ValueForm.IntegerSet ? _numbers.Count : _items.Length))
            return false;
        _at = _next;
        _next = _form == ValueForm.IntegerSet ? _at + 1 : _items.Next(_at);
        return true;
    }
}
