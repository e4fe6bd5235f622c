using Groundwork.Cache.Entries.Eviction;
using Groundwork.Cache.Memory;
using Groundwork.Cache.Packed;
using Groundwork.Primitives.Timing;

namespace Groundwork.Cache.Entries;

/// <summary>
/// A part of the keyspace under one lock: the keys of some slots, with everything that is kept of them.
/// </summary>
/// <remarks>
/// <para>Whoever calls anything here holds <see cref="Gate"/>. Who needs several shards takes them in the order of their numbers.</para>
/// <para>What is allocated stays where it is until its own entry is resized or freed. Blocks are moved, and entries evicted, only by
/// <see cref="Keyspace.MakeRoom"/> and <see cref="Maintain"/>, which are called between commands.</para>
/// </remarks>
internal sealed unsafe class Shard : IMoves, IDisposable
{
    // Two entries to a page.
    private const int MaxMovedBytes = 8192;

    private readonly IValues _values;
    private readonly ExpiryTimers _timers;

    public Shard(int number, PagePool pool, ulong seed, IValues values, long now)
    {
        (Number, _values) = (number, values);
        Heap = new Heap(pool) { Moves = this };
        Chunks = new Chunks(Heap, pool);
        Index = new KeyIndex(Heap, pool, seed);
        Left = new LeftUses(pool.Account);
        _timers = new ExpiryTimers(Heap, now);
    }

    /// <summary>Its lock.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Its place in the order of locks.</summary>
    public int Number { get; }

    /// <summary>Where its entries lie.</summary>
    public Heap Heap { get; }

    /// <summary>The parts of its large values.</summary>
    public Chunks Chunks { get; }

    /// <summary>Where they are found.</summary>
    public KeyIndex Index { get; }

    /// <summary>Small states beside its entries; null where none are kept.</summary>
    public StateTable? States { get; init; }

    /// <summary>How often those were used that had to leave.</summary>
    public LeftUses Left { get; }

    /// <summary>What is still to be freed of values that are not there any more.</summary>
    public Remains Remains { get; } = new();

    /// <summary>How use is noted.</summary>
    public required UsePolicy Use { get; init; }

    /// <summary>The secret of its values' tables.</summary>
    public required HashKey HashKey { get; init; }

    /// <summary>Up to where its collections stand in one piece.</summary>
    public PieceLimits Pieces { get; init; } = new();

    /// <summary>What its values' elements are drawn by.</summary>
    public required Random Random { get; init; }

    /// <summary>What was counted.</summary>
    public ShardCounts Counts { get; } = new();

    /// <summary>How many reads of the program's own modules there are until one is told to who looks for hot keys.</summary>
    public int UntilTold { get; set; }

    /// <summary>Told of every change; null where nobody wants to know.</summary>
    public IKeyObserver? Observer { get; set; }

    /// <summary>The bytes of its pages.</summary>
    public long HeldBytes => Heap.PageBytes + ((long)Index.Buckets * KeyIndex.BucketBytes) + (States?.PageBytes ?? 0);

    /// <summary>Looks a key up; one whose time is over is not there any more.</summary>
    /// <param name="database">0 to 15.</param>
    /// <param name="key">The key.</param>
    /// <param name="now">Unix milliseconds.</param>
    public Found Find(int database, ReadOnlySpan<byte> key, long now) => Find(Index.HashOf(database, key), database, key, now);

    /// <summary>Looks a key up whose hash in its database is known; one whose time is over is not there any more.</summary>
    public Found Find(ulong hash, int database, ReadOnlySpan<byte> key, long now)
    {
        var found = new Found(Heap, hash, Index.Find(hash, database, key));
        if (found.Slot is null || !KeyIndex.Expires(*found.Slot) || Entry.Deadline(found.Entry) > now)
            return found;
        Remove(ref found, KeyChange.Expired);
        return found;
    }

    /// <summary>Makes an entry; its value's bytes are to be written by the caller, and fit a block.</summary>
    /// <param name="found">The place where it is not; then the entry.</param>
    /// <param name="database">0 to 15.</param>
    /// <param name="key">The key.</param>
    /// <param name="form">How the value is kept.</param>
    /// <param name="valueLength">The length of what is kept of it in the entry.</param>
    /// <param name="deadline">When it expires; -1 for never.</param>
    /// <param name="use">What its policy writes down of its use.</param>
    public void Create(
        ref Found found, int database, ReadOnlySpan<byte> key, ValueForm form, int valueLength, long deadline, uint use)
    {
        var expires = deadline >= 0;
        var block = Heap.Allocate(Entry.BytesFor(key.Length, valueLength, expires), BlockKind.Entry);
        var entry = (Entry*)Heap.Address(block);
        Entry.Write(entry, database, key, form, valueLength, expires);
        found.Slot = Index.Add(found.Hash, block, expires, Use.Made(this, found.Hash, block, use));
        if (expires)
            _timers.Add(block, deadline);
        Counts.Keys[database]++;
        if (expires)
            Counts.Expiring[database]++;
    }

    /// <summary>Gives a value another length and, where asked, keeps its bytes; time to live and use stay.</summary>
    public void Resize(ref Found found, int valueLength, bool keep = true) =>
        Reshape(ref found, valueLength, keep, found.Deadline);

    /// <summary>Sets when an entry expires; -1 for never.</summary>
    public void SetDeadline(ref Found found, long deadline) => Reshape(ref found, found.Entry->ValueLength, keep: true, deadline);

    /// <summary>Removes an entry.</summary>
    public void Remove(ref Found found, KeyChange change)
    {
        var entry = found.Entry;
        var block = KeyIndex.BlockOf(*found.Slot);
        _values.Release(this, entry);
        if (entry->Expires)
        {
            _timers.Remove(block);
            Counts.Expiring[entry->Database]--;
        }

        Counts.Keys[entry->Database]--;
        switch (change)
        {
            case KeyChange.Expired:
                Counts.Expired++;
                break;
            case KeyChange.Evicted:
                Counts.Evicted++;
                Use.Left(this, found.Hash, KeyIndex.UseOf(*found.Slot));
                break;
        }

        Observer?.Changed(entry->Database, Entry.KeySpan(entry), change);
        Index.Remove(found.Hash, found.Slot);
        found.Slot = null;
        Heap.Free(block);
    }

    /// <summary>
    /// Makes an entry with the bytes that another one has of its value, time to live too: then two have the same chunks, until
    /// <see cref="RemoveRoot"/> removes the other.
    /// </summary>
    /// <returns>False where it would not fit with its key.</returns>
    public bool TryCopyRoot(Found source, ref Found target, int database, ReadOnlySpan<byte> key, uint use)
    {
        var (form, length) = (source.Form, source.Entry->ValueLength);
        if (Entry.BytesFor(key.Length, length, source.Deadline >= 0) > MaxMovedBytes)
            return false;
        var value = Entry.Value(source.Entry);
        Create(ref target, database, key, form, length, source.Deadline, use);
        new ReadOnlySpan<byte>(value, length).CopyTo(target.Value);
        return true;
    }

    /// <summary>Removes an entry whose value's chunks another one has now.</summary>
    public void RemoveRoot(ref Found found)
    {
        // As a text it has none.
        found.Entry->Form = ValueForm.Text;
        Remove(ref found, KeyChange.Written);
    }

    /// <summary>Gives a value's place to another value: what the old one kept outside the entry is given back.</summary>
    public void Release(ref Found found) => _values.Release(this, found.Entry);

    /// <summary>The entry of a block that the index was seen to name.</summary>
    public Found At(uint block)
    {
        var hash = Index.HashOf((Entry*)Heap.Address(block));
        return new Found(Heap, hash, Index.SlotOf(hash, block));
    }

    /// <summary>Removes entries whose time is over, frees what is left of those that were, and evacuates sparse pages.</summary>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="budget">How many entries are removed, and blocks freed or moved, at most.</param>
    /// <returns>Whether there is more to do.</returns>
    public bool Maintain(long now, int budget)
    {
        States?.Tidy((uint)(now / 1000));
        return Expire(now, budget) | FreeSome(budget) | Heap.Tidy(budget);
    }

    /// <summary>Frees a part of what is left of values that are not there any more.</summary>
    /// <returns>False where there is nothing.</returns>
    public bool FreeSome(int budget) => Remains.FreeSome(this, _values, budget);

    /// <summary>Removes entries whose time is over.</summary>
    /// <returns>Whether there are more.</returns>
    public bool Expire(long now, int budget)
    {
        var sink = new Expirer(this);
        return _timers.Advance(now, budget, ref sink);
    }

    /// <summary>The entry that expires next, roughly; 0 where none does.</summary>
    public uint NextToExpire() => _timers.Next();

    /// <summary>Removes what is in one database.</summary>
    public void Clear(int database)
    {
        if (Counts.Keys.Sum() == Counts.Keys[database])
        {
            Clear();
            return;
        }

        Heap.ForEach(BlockKind.Entry, block =>
        {
            var entry = (Entry*)Heap.Address(block);
            if (entry->Database != database)
                return;
            var found = At(block);
            Remove(ref found, KeyChange.Emptied);
        });
    }

    /// <summary>Exchanges two databases; the index, which knows keys by their database too, is left by all of both and entered again.</summary>
    public void Swap(int first, int second)
    {
        var entries = new List<(uint Block, uint Use)>();
        Heap.ForEach(BlockKind.Entry, block =>
        {
            if (((Entry*)Heap.Address(block))->Database is var database && (database == first || database == second))
                entries.Add((block, KeyIndex.UseOf(*At(block).Slot)));
        });
        foreach (var (block, _) in entries)
        {
            var found = At(block);
            Index.Remove(found.Hash, found.Slot);
        }

        foreach (var (block, use) in entries)
        {
            var entry = (Entry*)Heap.Address(block);
            entry->Database = first + second - entry->Database;
            Index.Add(Index.HashOf(entry), block, entry->Expires, use);
        }

        (Counts.Keys[first], Counts.Keys[second]) = (Counts.Keys[second], Counts.Keys[first]);
        (Counts.Expiring[first], Counts.Expiring[second]) = (Counts.Expiring[second], Counts.Expiring[first]);
    }

    /// <summary>Removes everything.</summary>
    public void Clear()
    {
        Heap.Clear();
        Chunks.Clear();
        Index.Clear();
        Left.Clear();
        Remains.Clear();
        States?.Clear();
        _timers.Clear();
        Counts.Keys.AsSpan().Clear();
        Counts.Expiring.AsSpan().Clear();
    }

    /// <inheritdoc/>
    public void Moved(BlockKind kind, uint from, uint to, byte* block)
    {
        switch (kind)
        {
            case BlockKind.Entry:
                var entry = (Entry*)block;
                var slot = Index.SlotOf(Index.HashOf(entry), from);
                KeyIndex.SetBlock(slot, to, entry->Expires);
                if (entry->Expires)
                    _timers.Moved(to);
                break;
            case BlockKind.Chunk:
                Chunks.Moved(to, block);
                break;
            case BlockKind.Bucket:
                Index.BucketMoved(from, to, block);
                break;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Index.Dispose();
        Left.Dispose();
        Chunks.Dispose();
        States?.Dispose();
        Heap.Dispose();
    }

    /// <summary>Gives an entry another length of value, and time to live (-1 for none); keeps the value's bytes where asked.</summary>
    public void Reshape(ref Found found, int valueLength, bool keep, long deadline)
    {
        var old = found.Entry;
        var oldBlock = KeyIndex.BlockOf(*found.Slot);
        var expires = deadline >= 0;
        var bytes = Entry.BytesFor(old->KeyLength, valueLength, expires);
        if (old->Expires == expires && SizeClasses.BytesOf(SizeClasses.Of(bytes)) == Heap.SizeOf(oldBlock))
        {
            old->ValueLength = valueLength;
            if (expires && Entry.Deadline(old) != deadline)
            {
                _timers.Remove(oldBlock);
                _timers.Add(oldBlock, deadline);
            }

            return;
        }

        var block = Heap.Allocate(bytes, BlockKind.Entry);
        var entry = (Entry*)Heap.Address(block);
        Entry.Write(entry, old->Database, Entry.KeySpan(old), old->Form, valueLength, expires);
        if (keep)
            Entry.ValueSpan(old)[..Math.Min(old->ValueLength, valueLength)].CopyTo(Entry.ValueSpan(entry));
        if (old->Expires)
            _timers.Remove(oldBlock);
        if (expires)
            _timers.Add(block, deadline);
        Counts.Expiring[old->Database] += (expires ? 1 : 0) - (old->Expires ? 1 : 0);
        KeyIndex.SetBlock(found.Slot, block, expires);
        Heap.Free(oldBlock);
    }

    /// <summary>Removes what is due.</summary>
    private readonly ref struct Expirer(Shard shard) : ITimerSink
    {
        public void Due(uint handle)
        {
            var found = shard.At(handle);
            shard.Remove(ref found, KeyChange.Expired);
        }
    }
}

/// <summary>What a shard counts, under its lock.</summary>
internal sealed class ShardCounts
{
    /// <summary>Keys, a database each.</summary>
    public long[] Keys { get; } = new long[Keyspace.Databases];

    /// <summary>Keys that expire, a database each.</summary>
    public long[] Expiring { get; } = new long[Keyspace.Databases];

    /// <summary>Uses of keys, of which so many are brought to <see cref="Popularity.UseTicks"/> at once.</summary>
    public uint Uses { get; set; }

    /// <summary>Lookups that found their key.</summary>
    public long Hits { get; set; }

    /// <summary>Lookups that did not.</summary>
    public long Misses { get; set; }

    /// <summary>Keys whose time was over.</summary>
    public long Expired { get; set; }

    /// <summary>Keys that had to leave for others.</summary>
    public long Evicted { get; set; }

    /// <summary>Adds what was counted elsewhere.</summary>
    public void Add(ShardCounts other)
    {
        for (var database = 0; database < Keys.Length; database++)
        {
            Keys[database] += other.Keys[database];
            Expiring[database] += other.Expiring[database];
        }

        Hits += other.Hits;
        Misses += other.Misses;
        Expired += other.Expired;
        Evicted += other.Evicted;
    }
}
