using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Groundwork.Primitives.Caching;

/// <summary>
/// A cache bounded by bytes that one pass over many cold keys cannot empty.
/// </summary>
/// <remarks>
/// <para>S3-FIFO (J. Yang, Y. Zhang, Z. Qiu, Y. Yue, K. V. Rashmi, "FIFO queues are all you need for cache eviction", SOSP
/// 2023): what is new enters a small queue of a tenth of the bytes; what is asked for twice before it reaches its end goes to the
/// main queue, the rest leaves, and is remembered without its value for a while: if it comes again it enters the main queue
/// at once. The main queue gives each entry another round for every time (about three at most) that it was asked for.</para>
/// <para>A hit takes no lock and moves nothing: it reads a table and, up to three times, writes one byte. An exact LRU moves
/// the entry under a lock on every hit, and is emptied by a scan; TinyLFU resists scans too, but wants a sketch of
/// frequencies and a maintenance queue.</para>
/// <para>Bounds: the sizes that the caller gives, plus <see cref="EntryOverhead"/> each, never exceed <see cref="MaxBytes"/>;
/// what is larger than a tenth of it is not taken. The memory of left keys is fixed, and part of the bound. What was taken
/// out or replaced is let go at once. Safe for concurrent use; changes take one lock, and one in many may walk the main
/// queue.</para>
/// </remarks>
/// <typeparam name="TKey">The key.</typeparam>
/// <typeparam name="TValue">The value; a large struct makes hits slower.</typeparam>
public sealed class S3FifoCache<TKey, TValue>
    where TKey : notnull
{
    /// <summary>What an entry takes beyond the size that the caller gives, in bytes: its node, its place in table and queue.</summary>
    public const int EntryOverhead = 128;

    private const byte MostUses = 3;

    private readonly ConcurrentDictionary<TKey, Node> _table;
    private readonly Fifo _small = new();
    private readonly Fifo _main = new();
    private readonly LeftKeys _left;
    private readonly Lock _gate = new();
    private readonly long _capacity;
    private long _bytes;
    private long _smallBytes;
    private long _evictions;

    /// <param name="maxBytes">The bound; at least 64 KiB.</param>
    public S3FifoCache(long maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 64 << 10);
        MaxBytes = maxBytes;
        _table = new ConcurrentDictionary<TKey, Node>(Environment.ProcessorCount, 64);

        // As many as there are entries whose key and value take as much as their overhead.
        _left = new LeftKeys(maxBytes / (2 * EntryOverhead));
        _capacity = maxBytes - _left.Bytes;
    }

    /// <summary>The bound.</summary>
    public long MaxBytes { get; }

    /// <summary>What the entries take with their overhead, and the left keys.</summary>
    public long Bytes => Volatile.Read(ref _bytes) + _left.Bytes;

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
        var bytes = (long)size + EntryOverhead;
        lock (_gate)
        {
            if (_table.TryGetValue(key, out var old))
                Unlink(old);
            if (bytes > _capacity / 10)
            {
                _table.TryRemove(key, out _);
                return false;
            }

            // What takes the place of an entry keeps its rank; readers find the one or the other at any time.
            var node = new Node(old is null ? key : old.Key, value, size)
            {
                Uses = old?.Uses ?? 0,
                InMain = old?.InMain ?? _left.Take(key.GetHashCode()),
            };
            while (_bytes + bytes > _capacity)
                EvictHeld();
            Link(node);
            _table[key] = node;
            return true;
        }
    }

    /// <summary>Takes an entry out.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(TKey key)
    {
        lock (_gate)
        {
            if (!_table.TryRemove(key, out var node))
                return false;
            Unlink(node);
            return true;
        }
    }

    /// <summary>Takes all entries out.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _table.Clear();
            _small.Clear();
            _main.Clear();
            _smallBytes = 0;
            Volatile.Write(ref _bytes, 0);
        }
    }

    private void EvictHeld()
    {
        if (_smallBytes > _capacity / 10 || _main.First is null)
            EvictSmallHeld(_small.First!);
        else
            EvictMainHeld(_main.First);
    }

    private void EvictSmallHeld(Node node)
    {
        if (node.Uses > 1)
        {
            _small.Remove(node);
            _smallBytes -= BytesOf(node);
            (node.InMain, node.Uses) = (true, 0);
            _main.Add(node);
            return;
        }

        _left.Add(node.Key.GetHashCode());
        Leave(node);
    }

    private void EvictMainHeld(Node node)
    {
        if (node.Uses > 0)
        {
            node.Uses--;
            _main.Remove(node);
            _main.Add(node);
            return;
        }

        Leave(node);
    }

    private void Leave(Node node)
    {
        Unlink(node);
        _table.TryRemove(node.Key, out _);
        Volatile.Write(ref _evictions, _evictions + 1);
    }

    private void Link(Node node)
    {
        (node.InMain ? _main : _small).Add(node);
        Weigh(node, BytesOf(node));
    }

    private void Unlink(Node node)
    {
        (node.InMain ? _main : _small).Remove(node);
        Weigh(node, -BytesOf(node));
    }

    private void Weigh(Node node, long bytes)
    {
        if (!node.InMain)
            _smallBytes += bytes;
        Volatile.Write(ref _bytes, _bytes + bytes);
    }

    private static long BytesOf(Node node) => (long)node.Size + EntryOverhead;

    private sealed class Node(TKey key, TValue value, int size)
    {
        public readonly TKey Key = key;
        public readonly TValue Value = value;
        public readonly int Size = size;
        public byte Uses;
        public bool InMain;
        public Node? Before;
        public Node? After;
    }

    /// <summary>A queue out of which any node can be taken, so that what was removed or replaced is not held on to.</summary>
    private sealed class Fifo
    {
        private Node? _last;

        public Node? First { get; private set; }

        public void Add(Node node)
        {
            (node.Before, node.After) = (_last, null);
            if (_last is null)
                First = node;
            else
                _last.After = node;
            _last = node;
        }

        public void Remove(Node node)
        {
            if (node.Before is null)
                First = node.After;
            else
                node.Before.After = node.After;
            if (node.After is null)
                _last = node.Before;
            else
                node.After.Before = node.Before;
        }

        public void Clear() => (First, _last) = (null, null);
    }
}
