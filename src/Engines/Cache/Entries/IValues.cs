namespace Groundwork.Cache.Entries;

/// <summary>What the keyspace must know of values, whose forms are not its business.</summary>
internal unsafe interface IValues
{
    /// <summary>Gives back what a value keeps outside its entry.</summary>
    void Release(Shard shard, Entry* entry);

    /// <summary>Gives back a part of what a value kept outside its entry, which is not there any more.</summary>
    /// <param name="shard">Where it was.</param>
    /// <param name="form">How it was kept.</param>
    /// <param name="root">What its entry had of it; changed with what is left.</param>
    /// <param name="budget">About how many blocks are freed at most.</param>
    /// <returns>Whether nothing is left.</returns>
    bool ReleaseSome(Shard shard, ValueForm form, Span<byte> root, int budget);
}

/// <summary>Told of what happens to keys, under their shard's lock: by transactions that watch them, by clients that keep copies.</summary>
internal interface IKeyObserver
{
    /// <summary>A key was changed or removed.</summary>
    /// <param name="database">Its database.</param>
    /// <param name="key">Its bytes; good for the call only.</param>
    /// <param name="change">How.</param>
    void Changed(int database, ReadOnlySpan<byte> key, KeyChange change);
}

/// <summary>How a key changed.</summary>
internal enum KeyChange : byte
{
    /// <summary>A command changed, made or removed it.</summary>
    Written,

    /// <summary>Its time was over.</summary>
    Expired,

    /// <summary>It had to leave for others.</summary>
    Evicted,

    /// <summary>Its database is being emptied, of which observers were told as a whole.</summary>
    Emptied,
}
