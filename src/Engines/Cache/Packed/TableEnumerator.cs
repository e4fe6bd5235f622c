using Groundwork.Cache.Memory;

namespace Groundwork.Cache.Packed;

/// <summary>Walks the entries of a table, bucket by bucket.</summary>
internal unsafe ref struct TableEnumerator
{
    private readonly Chunks _chunks;
    private readonly ref TableRoot _root;
    private uint _bucket;
    private TableBucket _view;
    private byte* _entry;
    private int _left;

    public TableEnumerator(Chunks chunks, ref TableRoot root)
    {
        _chunks = chunks;
        _root = ref root;
    }

    /// <summary>The entry it stands at.</summary>
    public readonly TableEntry Current => new(_entry);

    /// <summary>Goes to the next entry.</summary>
    public bool MoveNext()
    {
        if (_left > 1)
        {
            _entry += _view.EntryBytes(_entry);
            _left--;
            return true;
        }

        while (_bucket < _root.Buckets)
        {
            var handle = TableDirectory.Get(_chunks, _root, _bucket++);
            if (handle == 0)
                continue;
            _view = new TableBucket(_chunks.Pointer(handle), _root.Shape);
            _entry = _view.First;
            _left = _view.Count;
            return true;
        }

        return false;
    }
}
