using Groundwork.Cache.Commands.Cluster;
using Groundwork.Cache.Commands.Tracking;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Leases;
using Groundwork.Cache.Limits;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands;

/// <summary>
/// The cache as a whole: keys, commands, clients. What listens, and what the rest of the program calls, stand before it.
/// </summary>
internal sealed class CacheEngine : IDisposable
{
    public CacheEngine(KeyspaceOptions options, TimeProvider time, Random random)
    {
        Time = time;
        StartedAt = time.GetUtcNow();
        TimestampsPerMillisecond = Math.Max(1, time.TimestampFrequency / 1000);
        NanosecondsPerTimestamp = Math.Max(1, 1_000_000_000 / time.TimestampFrequency);
        Commands = new CommandTable(CommandCatalog.All);
        Runner = new CommandRunner(this);
        Stats = new CommandStats(Commands.Count);
        Pause = new ClientPause(time);
        Pace = new Pace(time);
        Random = random;
        Seed = (ulong)random.NextInt64();
        RunId = Convert.ToHexStringLower(Bytes(random, 20));
        Channels = new PubSub(Seed);
        Leases = new LeaseTokens(random);
        Spaces = new Spaces(this, new Space("", options, this));
    }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>All keys there are.</summary>
    public Spaces Spaces { get; }

    /// <summary>The keys of the clients' databases.</summary>
    public Keyspace Keyspace => Spaces.Clients.Keyspace;

    /// <summary>What can be asked for.</summary>
    public CommandTable Commands { get; }

    /// <summary>Runs it.</summary>
    public CommandRunner Runner { get; }

    /// <summary>The limits that are counted here; null where nobody has opened them.</summary>
    public LimitKeeper? Limits { get; set; }

    /// <summary>Who is connected.</summary>
    public ClientRegistry Clients { get; } = new();

    /// <summary>What listens; null where nobody does.</summary>
    public IServer? Server { get; set; }

    /// <summary>What was counted of commands.</summary>
    public CommandStats Stats { get; }

    /// <summary>The commands that took long.</summary>
    public SlowLog SlowLog { get; } = new();

    /// <summary>How fast commands come.</summary>
    public Pace Pace { get; }

    /// <summary>Has clients wait.</summary>
    public ClientPause Pause { get; }

    /// <summary>Who listens to which channel.</summary>
    public PubSub Channels { get; }

    /// <summary>Names the leases.</summary>
    public LeaseTokens Leases { get; }

    /// <summary>Who keeps copies of keys.</summary>
    public KeyTracking Tracking { get; } = new();

    /// <summary>Which keys are this node's.</summary>
    public ClusterState Cluster { get; } = new();

    /// <summary>Who sees what all others ask for.</summary>
    public Monitors Monitors { get; } = new();

    /// <summary>Who may use DEBUG.</summary>
    public DebugAccess Debug { get; init; } = DebugAccess.Nobody;

    /// <summary>Whether keys whose time is over are removed also where nobody asks for them; off only for tests.</summary>
    public bool ExpiresActively { get; set; } = true;

    /// <summary>The source of what is random, to be locked while it is used.</summary>
    public Random Random { get; }

    /// <summary>For hashes of what clients name.</summary>
    public ulong Seed { get; }

    /// <summary>Tells this run from others: 40 hexadecimal digits.</summary>
    public string RunId { get; }

    /// <summary>How many of the clock's timestamps are a millisecond.</summary>
    public long TimestampsPerMillisecond { get; }

    /// <summary>How many nanoseconds one of the clock's timestamps is.</summary>
    public long NanosecondsPerTimestamp { get; }

    /// <summary>The password that clients must give; empty where they need none.</summary>
    public string Password { get; set; } = "";

    /// <summary>Whether clients must say who they are.</summary>
    public bool NeedsPassword => Password.Length > 0;

    /// <summary>A client does not want to be told of keys that it reads any more.</summary>
    public void StopTracking(Tracker tracker)
    {
        if (!Tracking.Stop(tracker))
            return;
        foreach (var space in Spaces.All)
        {
            foreach (var shard in space.Keyspace.Shards)
            {
                lock (shard.Gate)
                    KeyEvents.Of(shard).Tracked.ForgetIdle();
            }
        }
    }

    /// <summary>Says how many keys clients may be told of.</summary>
    public void LimitTracking(long maxKeys)
    {
        Tracking.MaxKeys = maxKeys;
        var any = true;
        while (any && Tracking.IsOver)
        {
            any = false;
            foreach (var space in Spaces.All)
            {
                foreach (var shard in space.Keyspace.Shards)
                {
                    lock (shard.Gate)
                        any |= Tracking.IsOver && KeyEvents.Of(shard).Tracked.DropAny();
                }
            }
        }
    }

    /// <summary>Removes keys whose time is over and gives back sparse memory, a little of each.</summary>
    /// <returns>Whether there is more to do.</returns>
    public bool Maintain(int budget) => ExpiresActively && Spaces.Maintain(budget);

    /// <inheritdoc/>
    public void Dispose()
    {
        Pause.Dispose();
        Spaces.Dispose();
    }

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}

/// <summary>Who may use DEBUG.</summary>
internal enum DebugAccess
{
    /// <summary>Nobody.</summary>
    Nobody,

    /// <summary>Clients of this machine.</summary>
    Local,

    /// <summary>Everybody.</summary>
    Everybody,
}
