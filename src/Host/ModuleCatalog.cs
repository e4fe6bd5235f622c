using Groundwork.Broker;
using Groundwork.Cache;
using Groundwork.Console;
using Groundwork.Kafka;
using Groundwork.Links;
using Groundwork.Platform.Access;
using Groundwork.Platform.Caching;
using Groundwork.Platform.Control;
using Groundwork.Platform.Data;
using Groundwork.Platform.Experiments.Runs;
using Groundwork.Platform.Messaging;
using Groundwork.Platform.Serving;
using Groundwork.Platform.Telemetry;
using Groundwork.Ports.Modules;
using Groundwork.Postgres;
using Groundwork.RateLimits;
using Groundwork.Redis;
using Groundwork.Sqlite;

namespace Groundwork.Host;

/// <summary>Every module, in start order: each may rely on those above it. They stop in reverse.</summary>
internal static class ModuleCatalog
{
    /// <summary>A fresh set: modules hold state while they run.</summary>
    public static IReadOnlyList<Module> Create() =>
    [
        new TelemetryModule(),
        new HttpModule(),
        new ControlModule(),
        new DatabaseModule(new SqliteEngine(), new PostgresEngine()),
        new AccessModule(),
        new ExperimentsModule(),
        new CacheModule(),
        new CachingModule(new RedisEngine()),
        new BrokerModule(),
        new MessagingModule(new KafkaEngine()),
        new RateLimitsModule(),
        new LinksModule(),
        new ConsoleModule(),
    ];
}
