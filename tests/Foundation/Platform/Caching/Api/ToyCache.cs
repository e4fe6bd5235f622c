using System.Text;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Caching.Inspection;
using Groundwork.Ports.Limiting;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Platform.Tests.Caching.Api;

/// <summary>A cache of strings to look into, in a table.</summary>
internal sealed class ToyCache : ICacheInspector, ICacheServer
{
    private readonly SortedDictionary<string, byte[]> _values = new(StringComparer.Ordinal);

    public IReadOnlyList<ISpaceInspector> Spaces => [new Space(this, ""), new Space(this, "links")];

    /// <summary>What was asked for last.</summary>
    public KeyQuery? LastQuery { get; private set; }

    public void Set(string key, string value) => Set(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value));

    public void Set(byte[] key, byte[] value) => _values[Convert.ToHexString(key)] = value;

    public CacheServerState ReadServer() => new(DateTimeOffset.UnixEpoch, ["127.0.0.1:6379"], 1, 2, 3);

    public IReadOnlyList<SlowLogEntry> ReadSlowLog(int count) => [new(DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(1), ["keys", "*"], "127.0.0.1:5", "")];

    public ICache Open(CacheSpace space) => throw new NotSupportedException("Nobody opens a space here.");

    public ILimitStore OpenLimits(long bytes) => throw new NotSupportedException("Nobody limits here.");

    private sealed class Space(ToyCache cache, string name) : ISpaceInspector
    {
        public string Name => name;

        public int Databases => name.Length == 0 ? 16 : 1;

        public SpaceState Read() => new(cache._values.Count, 0, 100, 1000, "allkeys-lru", 3, 1, 0, 0);

        public KeyPage ReadKeys(KeyQuery query)
        {
            cache.LastQuery = query;
            var keys = cache._values.Skip((int)query.Cursor).Take(query.Count).Select(v => Summary(v.Key)).ToList();
            var next = query.Cursor + (ulong)keys.Count;
            return new KeyPage(keys, next < (ulong)cache._values.Count ? next : null);
        }

        public KeyDetail? ReadKey(int database, ReadOnlySpan<byte> key, ElementQuery query)
        {
            if (!cache._values.TryGetValue(Convert.ToHexString(key), out var value))
                return null;
            var part = value.Skip((int)query.Cursor).Take(query.Bytes).ToArray();
            var next = query.Cursor + (ulong)part.Length;
            return new KeyDetail(
                Summary(Convert.ToHexString(key)), value.Length, TimeSpan.Zero, null, VersionOf(value),
                [new CachedElement(new CachedBytes(part, value.Length))], next < (ulong)value.Length ? next : null);
        }

        public KeyRemoval RemoveKey(int database, ReadOnlySpan<byte> key, ulong? version)
        {
            if (!cache._values.TryGetValue(Convert.ToHexString(key), out var value))
                return KeyRemoval.NotThere;
            if (version is not null && version != VersionOf(value))
                return KeyRemoval.Changed;
            cache._values.Remove(Convert.ToHexString(key));
            return KeyRemoval.Removed;
        }

        public HotKeys ReadHotKeys(int count) => new([new HotKey(0, "a"u8.ToArray(), 10, 0.5, 0.01)], 20, 0.9);

        public MissRatioCurve ReadMissRatio() => new([new MissRatioPoint(500, 0.5, 0.4)], 10_000, "tinylfu");

        private static ulong VersionOf(byte[] value) => value.Aggregate(17ul, (hash, b) => (hash * 31) + b);

        private static KeySummary Summary(string hex) => new(Convert.FromHexString(hex), CachedType.String, "raw", 64, null);
    }
}

/// <summary>Puts a <see cref="ToyCache"/> where the engine would be.</summary>
internal sealed class ToyCacheModule(ToyCache cache) : Module
{
    public override string Name => "Cache";

    public override string Summary => "A cache of strings in a table.";

    public override IReadOnlyList<Setting> Settings => CacheSettings.All;

    public override IReadOnlyList<Scope> Scopes => CacheScopes.All;

    public override void Register(IServiceCollection services, SettingValues settings) =>
        services.AddSingleton<ICacheInspector>(cache).AddSingleton<ICacheServer>(cache);
}
