using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Groundwork.Primitives.Caching;

/// <summary>
/// A cache bounded by bytes that one pass over many cold keys cannot empty.
/// </summary>
/// <remarks>
/// <para>S3-FIFO (J. Yang, Y. Zhang, Z. Qiu, Y. Yue, K. V. Rashmi, "FIFO queues are all you need for cache eviction", SOSP
/// 2023): what is new enters a small queue of a tenth of the bytes; what is asked for again before it reaches its end goes to
/// the main queue, the rest leaves, and is remembered without its value for a while: if it comes again it enters the main
/// queue at once. The main queue gives each entry another round for every time (at most three) that it was asked for.</para>
/// <para>A hit takes no lock and moves nothing: it reads a table and, up to three times, writes one byte. An exact LRU moves
/// the entry under a lock on every hit, and is emptied by a scan; TinyLFU resists scans too, but wants a sketch of
/// frequencies and a maintenance queue.</para>
/// <para>Bounds: the sizes that the caller gives, plus <see cref="EntryOverhead"/> each, never exceed <see cref="MaxBytes"/>
/// after a call has returned; what is larger than a tenth of it is not taken. The memory of left keys is fixed, and part of
/// the bound. Safe for concurrent use; changes take one lock.</para>
/// </remarks>
/// <typeparam name="TKey">The key.</typeparam>
/// <typeparam name="TValue">The value; a large struct makes hits slower.</typeparam>
public sealed class S3FifoCache<TKey, TValue>
    where TKey : notnull
{
    /// <summary>What an entry takes beyond the size that the caller gives, in bytes: its node, its place in table and queue.</summary>
    public const int EntryOverhead = 128;

    private const byte MostUses = 3;

    // Dead nodes stay in the queues until their turn; past this many they are taken out at once.
    private const int TolerableDead = 1024;

    private readonly ConcurrentDictionary<TKey, Node> _table;
    private readonly Queue<Node> _small = new();
    private readonly Queue<Node> _main = new();
    private readonly LeftKeys _left;
    private readonly Lock _gate = new();
    private readonly long _capacity;
    private long _smallBytes;
    private long _mainBytes;
    private int _dead;
    private long _evictions;

    /// <param name="maxBytes">The bound; at least 64 KiB.</param>
    public S3FifoCache(long maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 64 << 10);
        MaxBytes = maxBytes;
        _table = new ConcurrentDictionary<TKey, Node>(Environment.ProcessorCount, 64);

        // As many as an all but empty value would leave room for: more keys than that are never in the cache.
        _left = new LeftKeys(maxBytes / (2 * EntryOverhead));
        _capacity = maxBytes - _left.Bytes;
    }

    /// <summary>The bound.</summary>
    public long MaxBytes { get; }

    /// <summary>What the entries take, with their overhead.</summary>
    public long Bytes => Volatile.Read(ref _smallBytes) + Volatile.Read(ref _mainBytes) + _left.Bytes;

    /// <summary>How many entries there are.</summary>
    public int Count => _table.Count;

    /// <summary>How many entries had to leave so far.</summary>
    public long Evictions => Volatile.Read(ref _evictions);

    /// <summary>Finds an entry, and notes that it was asked for.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (!_table.TryGetValue(key, out var node))
        {
            value = default;
            return false;
        }

        // Concurrent hits may count as one: it is a hint.
        if (node.Uses < MostUses)
            node.Uses++;
        value = node.Value;
        return true;
    }

    /// <summary>Puts an entry in, in the place of one with the same key, and lets others leave for it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="size">What key and value take, in bytes, without <see cref="EntryOverhead"/>.</param>
    /// <returns>False where it is too large to be taken; an entry with the same key is then gone.</returns>
    public bool Set(TKey key, TValue value, int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        var node = new Node(key, value, (long)size + EntryOverhead);
        lock (_gate)
        {
            var old = RemoveHeld(key);
            if (node.Size > _capacity / 10)
                return false;

            // What takes the place of an entry keeps its rank.
            node.Uses = old?.Uses ?? 0;
            node.InMain = old?.InMain ?? _left.Take(key.GetHashCode());
            Enqueue(node);
            _table[key] = node;
            while (_smallBytes + _mainBytes > _capacity)
                EvictHeld();
            return true;
        }
    }

    /// <summary>Takes an entry out.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(TKey key)
    {
        lock (_gate)
            return RemoveHeld(key) is not null;
    }

    /// <summary>Takes all entries out.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _table.Clear();
            _small.Clear();
            _main.Clear();
            (_smallBytes, _mainBytes, _dead) = (0, 0, 0);
        }
    }

    private Node? RemoveHeld(TKey key)
    {
        if (!_table.TryRemove(key, out var node))
            return null;
        node.IsDead = true;
        Weigh(node, -node.Size);
        if (++_dead > TolerableDead && _dead > _table.Count)
            SweepHeld();
        return node;
    }

    private void EvictHeld()
    {
        if (_smallBytes > _capacity / 10 || _mainBytes == 0)
            EvictSmallHeld();
        else
            EvictMainHeld();
    }

    private void EvictSmallHeld()
    {
        if (!TryDequeue(_small, out var node))
            return;
        Weigh(node, -node.Size);
        if (node.Uses > 1)
        {
            (node.InMain, node.Uses) = (true, 0);
            Enqueue(node);
            return;
        }

        _left.Add(node.Key.GetHashCode());
        Leave(node);
    }

    private void EvictMainHeld()
    {
        if (!TryDequeue(_main, out var node))
            return;
        if (node.Uses > 0)
        {
            node.Uses--;
            _main.Enqueue(node);
            return;
        }

        Weigh(node, -node.Size);
        Leave(node);
    }

    private void Leave(Node node)
    {
        _table.TryRemove(node.Key, out _);
        Volatile.Write(ref _evictions, _evictions + 1);
    }

    private void Enqueue(Node node)
    {
        (node.InMain ? _main : _small).Enqueue(node);
        Weigh(node, node.Size);
    }

    private void Weigh(Node node, long bytes)
    {
        if (node.InMain)
            Volatile.Write(ref _mainBytes, _mainBytes + bytes);
        else
            Volatile.Write(ref _smallBytes, _smallBytes + bytes);
    }

    private bool TryDequeue(Queue<Node> queue, [MaybeNullWhen(false)] out Node node)
    {
        while (queue.TryDequeue(out node))
        {
            if (!node.IsDead)
                return true;
            _dead--;
        }

        return false;
    }

    private void SweepHeld()
    {
        foreach (var queue in (Queue<Node>[])[_small, _main])
        {
            for (var left = queue.Count; left > 0; left--)
            {
                var node = queue.Dequeue();
                if (!node.IsDead)
                    queue.Enqueue(node);
            }
        }

        _dead = 0;
    }

    private sealed class Node(TKey key, TValue value, long size)
    {
        public readonly TKey Key = key;
        public readonly TValue Value = value;
        public readonly long Size = size;
        public byte Uses;
        public bool InMain;
        public bool IsDead;
    }
}
