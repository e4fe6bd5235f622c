using System.Runtime.CompilerServices;

namespace Groundwork.Cache.Entries;

/// <summary>
/// What large values keep outside their entries when those have gone: nobody reaches it any more, and it is freed a little at a time, so
/// that no command holds a shard's lock for as long as a million elements take. Under the shard's lock.
/// </summary>
/// <remarks>It counts as held until it is free, and is freed before anybody has to leave.</remarks>
internal sealed class Remains
{
    /// <summary>The largest root of a value, in bytes.</summary>
    public const int MaxRootBytes = 64;

    private readonly Queue<Remnant> _queue = [];
    private Remnant _first;
    private bool _hasFirst;

    /// <summary>Of how many values something is left.</summary>
    public int Count => _queue.Count + (_hasFirst ? 1 : 0);

    /// <summary>A value's entry goes.</summary>
    /// <param name="form">How it was kept.</param>
    /// <param name="root">What its entry had of it: no more than <see cref="MaxRootBytes"/>.</param>
    public void Add(ValueForm form, ReadOnlySpan<byte> root)
    {
        var remnant = new Remnant { Form = form };
        root.CopyTo(remnant.Root);
        _queue.Enqueue(remnant);
    }

    /// <summary>Frees a part of what came first.</summary>
    /// <returns>False where there is nothing.</returns>
    public bool FreeSome(Shard shard, IValues values, int budget)
    {
        if (!_hasFirst && !_queue.TryDequeue(out _first))
            return false;
        _hasFirst = !values.ReleaseSome(shard, _first.Form, _first.Root, budget);
        return true;
    }

    /// <summary>All memory was given back as a whole.</summary>
    public void Clear()
    {
        _queue.Clear();
        _hasFirst = false;
    }

    private struct Remnant
    {
        public ValueForm Form;
        public Root Root;
    }

    [InlineArray(MaxRootBytes)]
    private struct Root
    {
        private byte _first;
    }
}
