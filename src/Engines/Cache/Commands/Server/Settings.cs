using System.Globalization;
using System.Net;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Server;

/// <summary>
/// The settings that CONFIG knows. What is here is in force; what would do nothing is not here, and refused as unknown. Those that
/// are the same for ever are here for clients that ask.
/// </summary>
internal static class Settings
{
    private static readonly Setting[] All =
    [
        new("maxmemory", static e => Text(e.Keyspace.Pool.Limit),
            static (e, text) => SettingTexts.Memory(text, 0, long.MaxValue, e.Keyspace.ChangeLimit)),
        new("maxmemory-policy", static e => EvictionPolicies.NameOf(e.Keyspace.Use.Policy), Policy),
        new("maxmemory-samples", static e => Text(e.Keyspace.Use.Samples),
            static (e, text) => SettingTexts.Number(text, 1, UsePolicy.MaxSamples, n => e.Keyspace.Use.Samples = (int)n)),
        new("lfu-log-factor", static e => Text(e.Keyspace.Use.LogFactor),
            static (e, text) => SettingTexts.Number(text, 0, int.MaxValue, n => e.Keyspace.Use.LogFactor = (int)n)),
        new("lfu-decay-time", static e => Text(e.Keyspace.Use.DecayMinutes),
            static (e, text) => SettingTexts.Number(text, 0, int.MaxValue, n => e.Keyspace.Use.DecayMinutes = (int)n)),
        new("slowlog-log-slower-than", static e => Text(e.SlowLog.Microseconds),
            static (e, text) => SettingTexts.Number(text, -1, long.MaxValue, n => e.SlowLog.Microseconds = n)),
        new("slowlog-max-len", static e => Text(e.SlowLog.Capacity),
            static (e, text) => SettingTexts.Number(text, 0, 1_000_000, n => e.SlowLog.Capacity = (int)n)),
        new("requirepass", static e => e.Password, static (e, text) => Change.To(() => e.Password = text)),
        new("notify-keyspace-events", static e => EventClasses.Format(e.Spaces.Clients.Notifications.Classes), Events),
        new("tracking-table-max-keys", static e => Text(e.Tracking.MaxKeys),
            static (e, text) => SettingTexts.Number(text, 0, long.MaxValue, e.LimitTracking)),
        new("timeout", static e => Text(LimitsOf(e).IdleSeconds),
            static (e, text) => Limit(e, text, int.MaxValue, static (limits, n) => limits with { IdleSeconds = (int)n }, 0)),
        new("maxclients", static e => Text(LimitsOf(e).MaxClients),
            static (e, text) => Limit(e, text, int.MaxValue, static (limits, n) => limits with { MaxClients = (int)n })),
        new("proto-max-bulk-len", static e => Text(LimitsOf(e).MaxBulkBytes),
            static (e, text) => LimitBytes(e, text, 1 << 20, RequestLimits.BulkBytes, static (limits, n) => limits with { MaxBulkBytes = (int)n })),
        new("client-query-buffer-limit", static e => Text(LimitsOf(e).InputBytes),
            static (e, text) => LimitBytes(e, text, 1 << 20, int.MaxValue, static (limits, n) => limits with { InputBytes = (int)n })),
        new("maxmemory-clients", static e => Text(LimitsOf(e).AllBytes),
            static (e, text) => LimitBytes(e, text, 0, long.MaxValue, static (limits, n) => limits with { AllBytes = n })),
        new("client-output-buffer-limit", static e => OutputLimitText.Format(LimitsOf(e)), OutputLimits),
        new("tcp-keepalive", static e => Text(e.Server?.KeepAliveSeconds ?? 0), Set: null),
        new("port", static e => Text(e.Server?.Addresses.OfType<IPEndPoint>().FirstOrDefault()?.Port ?? 0), Set: null),
        new("bind", static e => string.Join(' ', e.Server?.Addresses.OfType<IPEndPoint>().Select(a => a.Address.ToString()) ?? []), Set: null),
        new("databases", static _ => Text(Keyspace.Databases), Set: null),
        new("enable-debug-command", static e => e.Debug switch { DebugAccess.Nobody => "no", DebugAccess.Local => "local", _ => "yes" }, Set: null),
        Fixed("save", ""),
        Fixed("appendonly", "no"),
        new("cluster-enabled", static e => e.Cluster.IsOn ? "yes" : "no", Set: null),
        .. PieceSettings.All,
    ];

    /// <summary>The setting of a name, in any case; null where there is none.</summary>
    public static Setting? Find(string name) => Array.Find(All, s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>All settings, by name.</summary>
    public static IEnumerable<Setting> InOrder => All.OrderBy(s => s.Name, StringComparer.Ordinal);

    private static Setting Fixed(string name, string value) => new(name, _ => value, Set: null);

    private static ClientLimits LimitsOf(CacheEngine engine) => engine.Server?.Limits ?? new ClientLimits();

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static Change Policy(CacheEngine engine, string text) =>
        EvictionPolicies.TryParse(text, out var policy)
            ? Change.To(() => engine.Keyspace.ChangePolicy(policy))
            : Change.Refused("argument(s) must be one of the following: " + string.Join(", ", EvictionPolicies.All));

    private static Change Events(CacheEngine engine, string text) =>
        EventClasses.TryParse(text, out var classes)
            ? Change.To(() => engine.Spaces.SetNotified(classes))
            : Change.Refused("Invalid event class character. Use 'Ag$lshzxeKEtmdn'.");

    private static Change Limit(CacheEngine engine, string text, long most, Func<ClientLimits, long, ClientLimits> with, long least = 1) =>
        engine.Server is null
            ? Change.Refused("there is nothing that listens")
            : SettingTexts.Number(text, least, most, n => engine.Server.Limits = with(engine.Server.Limits, n));

    private static Change LimitBytes(CacheEngine engine, string text, long least, long most, Func<ClientLimits, long, ClientLimits> with) =>
        engine.Server is null
            ? Change.Refused("there is nothing that listens")
            : SettingTexts.Memory(text, least, most, n => engine.Server.Limits = with(engine.Server.Limits, n));

    private static Change OutputLimits(CacheEngine engine, string text)
    {
        var limits = LimitsOf(engine);
        if (engine.Server is null)
            return Change.Refused("there is nothing that listens");
        return OutputLimitText.TryParse(text, ref limits)
            ? Change.To(() =>
            {
                var now = engine.Server.Limits;
                if (OutputLimitText.TryParse(text, ref now))
                    engine.Server.Limits = now;
            })
            : Change.Refused("Wrong number of arguments or invalid values: class, hard limit, soft limit, soft seconds");
    }
}
