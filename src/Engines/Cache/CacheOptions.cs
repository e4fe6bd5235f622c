using System.Net;
using System.Numerics;
using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Groundwork.Cache.Resp;
using Groundwork.Cache.Serving;
using Groundwork.Ports.Settings;

namespace Groundwork.Cache;

/// <summary>What an operator sets of the cache. Those that have one in Redis can be changed while it runs, by CONFIG SET.</summary>
internal static class CacheOptions
{
    /// <summary>Where it is served.</summary>
    public static readonly Setting<IPEndPoint?> Listen = Setting.EndpointOrNone(
        "Cache:Listen", "127.0.0.1:6379",
        "Where Redis' protocol is served; port 0 takes a spare one, and none leaves it to the program's own modules. An address other than loopback wants Cache:Password.");

    /// <summary>What clients must say.</summary>
    public static readonly Setting<string> Password = Setting.Text(
        "Cache:Password", "", "up to 512 characters, or empty",
        "The password that clients give with AUTH or HELLO, as user `default`. Empty asks for none, on loopback only.", secret: true);

    /// <summary>The bound of memory.</summary>
    public static readonly Setting<long> MaxMemory = Setting.Size(
        "Cache:MaxMemory", 256L << 20, 4L << 20, 1L << 40,
        "What keys, values and the index to them may take together: pages of memory that the process really holds. It takes none of it before there are keys.");

    /// <summary>Who leaves when it is reached.</summary>
    public static readonly Setting<string> Policy = Setting.Word(
        "Cache:Policy", "allkeys-tinylfu", EvictionPolicies.All,
        "Who leaves when Cache:MaxMemory is reached, by the names that Redis has, and two of ours: tinylfu is who is least likely to be used again soon.");

    /// <summary>The bound of connections.</summary>
    public static readonly Setting<long> Connections = Setting.Integer(
        "Cache:Connections", 10_000, 1, 1_000_000,
        "How many clients may be connected at once; the next is told so and closed. Each takes a file descriptor.");

    /// <summary>How many threads serve.</summary>
    public static readonly Setting<long> Threads = Setting.Integer(
        "Cache:Threads", Math.Clamp(Environment.ProcessorCount, 1, 4), 1, 64,
        "How many threads read from clients and run their commands.", defaultInWords: "processors, 4 at most");

    /// <summary>Who may use DEBUG.</summary>
    public static readonly Setting<DebugAccess> Debug = Setting.Choice(
        "Cache:DebugCommand", DebugAccess.Nobody,
        "Who may use the DEBUG command, which can hold up every client: for tests.");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Setting> All { get; } = [Listen, Password, MaxMemory, Policy, Connections, Threads, Debug];

    /// <summary>What contradicts.</summary>
    public static IEnumerable<SettingError> Validate(SettingValues settings)
    {
        var listen = settings.Get(Listen);
        if (listen is not null && !IPAddress.IsLoopback(listen.Address) && settings.Get(Password).Length == 0)
        {
            yield return new SettingError(
                Listen.Name, $"would serve the cache on {listen} to anybody who reaches it", $"Set {Password.Name}, or listen on 127.0.0.1.");
        }
    }

    /// <summary>The keyspace that was asked for.</summary>
    public static KeyspaceOptions Keyspace(SettingValues settings)
    {
        _ = EvictionPolicies.TryParse(settings.Get(Policy), out var policy);
        return new KeyspaceOptions(settings.Get(MaxMemory), policy, ShardsFor(Environment.ProcessorCount));
    }

    /// <summary>The server that was asked for.</summary>
    public static ServerOptions Server(SettingValues settings, Action<Exception> onFailure) => new()
    {
        Listen = settings.Get(Listen) is { } listen ? [listen] : [],
        Loops = (int)settings.Get(Threads),
        Limits = new ClientLimits { MaxClients = (int)settings.Get(Connections) },
        OnFailure = onFailure,
    };

    // Enough that threads seldom meet at one, and few enough that what each loses to its pages that are not full is little.
    private static int ShardsFor(int processors) => (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(processors * 4, 16, 256));
}
