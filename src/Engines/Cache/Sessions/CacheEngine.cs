using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Sessions;

/// <summary>
/// The cache as a whole: keys, commands, clients. What listens, and what the rest of the program calls, stand before it.
/// </summary>
internal sealed class CacheEngine : IDisposable
{
    private readonly KeyEvents[] _events;

    public CacheEngine(KeyspaceOptions options, TimeProvider time, Random random)
    {
        Time = time;
        StartedAt = time.GetUtcNow();
        Keyspace = new Keyspace(options, new ValueStore(), time, random);
        Commands = new CommandTable(CommandCatalog.All);
        Runner = new CommandRunner(this);
        var seed = (ulong)random.NextInt64();
        _events = new KeyEvents[options.Shards];
        foreach (var shard in Keyspace.Shards)
            shard.Observer = _events[shard.Number] = new KeyEvents(seed);
    }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>The keys.</summary>
    public Keyspace Keyspace { get; }

    /// <summary>What can be asked for.</summary>
    public CommandTable Commands { get; }

    /// <summary>Runs it.</summary>
    public CommandRunner Runner { get; }

    /// <summary>Who is connected.</summary>
    public ClientRegistry Clients { get; } = new();

    /// <summary>The password that clients must give; empty where they need none.</summary>
    public string Password { get; set; } = "";

    /// <summary>Whether clients must say who they are.</summary>
    public bool NeedsPassword => Password.Length > 0;

    /// <summary>Who wants to know of a shard's keys; under its lock, but for <see cref="KeyEvents.HasReady"/>.</summary>
    public KeyEvents EventsOf(Shard shard) => _events[shard.Number];

    /// <inheritdoc/>
    public void Dispose() => Keyspace.Dispose();
}
