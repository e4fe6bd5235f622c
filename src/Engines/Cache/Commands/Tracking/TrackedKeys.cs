using Groundwork.Cache.Entries;
using Groundwork.Primitives.Hashing;

namespace Groundwork.Cache.Commands.Tracking;

/// <summary>
/// Which clients have read which keys of a shard since they last changed. Under the shard's lock.
/// </summary>
/// <remarks>
/// <para>A key's readers are told once, and have to read it again to be told again. Keys are known by name alone, as in Redis: the same
/// name in another database counts as the key.</para>
/// <para>Chained hashing over entries without gaps, so that any of them can be drawn at random with one number. 36 bytes a key beside its
/// name's array (24 bytes, and the name), as long as it has one reader; 8 more for each further one. Nothing is allocated for a key that
/// its reader has read before.</para>
/// </remarks>
internal sealed class TrackedKeys(ulong seed, KeyTracking tracking, Random random)
{
    private const int FirstEntries = 16;
    private const int FirstMore = 4;

    // Counted from 1, so that 0 is none.
    private int[] _buckets = [];
    private Entry[] _entries = [];
    private int _count;

    /// <summary>A client is about to read a key.</summary>
    public void Add(ReadOnlySpan<byte> key, Tracker reader)
    {
        var hash = HashOf(key);
        var at = Find(key, hash);
        if (at >= 0)
        {
            if (!_entries[at].TryAdd(reader, out var items))
                return;
            tracking.Counted(keys: 0, items);
        }
        else
        {
            if (_count == _entries.Length)
                Grow();
            ref var bucket = ref BucketOf(hash);
            _entries[_count] = new Entry { Key = key.ToArray(), Hash = hash, First = reader, Next = bucket };
            bucket = ++_count;
            tracking.Counted(keys: 1, items: 1);
        }

        if (tracking.IsOver)
            DropAny();
    }

    /// <summary>A key has changed: its readers are told, and forgotten.</summary>
    public void Changed(ReadOnlySpan<byte> key, KeyChange change)
    {
        if (_count > 0 && Find(key, HashOf(key)) is var at and >= 0)
            TakeOut(at, change);
    }

    /// <summary>Forgets a key at random, as if it had changed: its readers are told.</summary>
    /// <returns>False where there is none.</returns>
    public bool DropAny()
    {
        if (_count == 0)
            return false;

        // Not the one that was added last, whose reader has not got it yet, where there is another.
        TakeOut(_count > 1 ? random.Next(_count - 1) : 0, KeyChange.Evicted);
        return true;
    }

    /// <summary>Forgets all keys; nobody is told.</summary>
    public void Clear()
    {
        var items = 0;
        for (var i = 0; i < _count; i++)
            items += _entries[i].Readers;
        tracking.Counted(-_count, -items);
        (_buckets, _entries, _count) = ([], [], 0);
    }

    /// <summary>Forgets readers that want to be told of nothing any more.</summary>
    public void ForgetIdle()
    {
        for (var i = _count - 1; i >= 0; i--)
        {
            if (!_entries[i].AnyOn)
                Remove(i);
        }
    }

    private int HashOf(ReadOnlySpan<byte> key) => (int)WyHash.Hash(key, seed);

    private ref int BucketOf(int hash) => ref _buckets[hash & (_buckets.Length - 1)];

    private int Find(ReadOnlySpan<byte> key, int hash)
    {
        if (_count == 0)
            return -1;
        for (var at = BucketOf(hash) - 1; at >= 0; at = _entries[at].Next - 1)
        {
            if (_entries[at].Hash == hash && key.SequenceEqual(_entries[at].Key))
                return at;
        }

        return -1;
    }

    private void TakeOut(int at, KeyChange change)
    {
        var entry = _entries[at];
        Remove(at);
        var turn = change == KeyChange.Written ? TrackingTurn.Current : null;
        using var message = new Invalidation();
        message.Add(entry.Key);
        Tell(entry.First);
        foreach (var reader in entry.More ?? [])
        {
            if (reader is not null)
                Tell(reader);
        }

        // Who has gone over to prefixes since is told by them.
        void Tell(Tracker reader)
        {
            if (!reader.State.Is(TrackingMode.Broadcast) && !reader.Skips(turn))
                reader.Tell(message);
        }
    }

    private void Remove(int at)
    {
        tracking.Counted(-1, -_entries[at].Readers);
        LinkTo(at) = _entries[at].Next;
        if (at != --_count)
        {
            // The last one fills the gap.
            LinkTo(_count) = at + 1;
            _entries[at] = _entries[_count];
        }

        _entries[_count] = default;
    }

    // What leads to an entry: its bucket, or the entry before it.
    private ref int LinkTo(int at)
    {
        ref var link = ref BucketOf(_entries[at].Hash);
        while (link != at + 1)
            link = ref _entries[link - 1].Next;
        return ref link;
    }

    private void Grow()
    {
        var capacity = Math.Max(FirstEntries, _entries.Length * 2);
        Array.Resize(ref _entries, capacity);
        _buckets = new int[capacity];
        for (var i = 0; i < _count; i++)
        {
            ref var bucket = ref BucketOf(_entries[i].Hash);
            _entries[i].Next = bucket;
            bucket = i + 1;
        }
    }

    private struct Entry
    {
        public byte[] Key;
        public Tracker First;
        public Tracker?[]? More;
        public int Hash;
        public int Next;

        public readonly int Readers => 1 + (More is null ? 0 : CountOf(More));

        public readonly bool AnyOn => First.State.IsOn || (More?.Any(static t => t?.State.IsOn ?? false) ?? false);

        /// <summary>Adds a reader, unless it is one; those who are gone make room.</summary>
        /// <param name="reader">Who reads.</param>
        /// <param name="items">How many readers there are more than before; fewer, if negative.</param>
        /// <returns>False where it was one before.</returns>
        public bool TryAdd(Tracker reader, out int items)
        {
            items = 0;
            if (First == reader || (More is not null && Array.IndexOf(More, reader) >= 0))
                return false;
            if (!First.State.IsOn)
            {
                First = reader;
                return true;
            }

            More ??= new Tracker?[FirstMore];
            var count = CountOf(More);
            if (count == More.Length)
            {
                var left = More.Where(static t => t!.State.IsOn).ToArray();
                items = left.Length - count;
                count = left.Length;

                // Doubled unless half of it was free: so the gone are looked for seldom.
                if (count > More.Length / 2)
                    More = new Tracker?[More.Length * 2];
                else
                    Array.Clear(More);
                left.CopyTo(More, 0);
            }

            More[count] = reader;
            items++;
            return true;
        }

        // They stand at the front.
        private static int CountOf(Tracker?[] more)
        {
            var free = Array.IndexOf(more, null);
            return free < 0 ? more.Length : free;
        }
    }
}
