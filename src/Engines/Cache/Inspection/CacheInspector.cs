using Groundwork.Cache.Commands;
using Groundwork.Ports.Caching.Inspection;

namespace Groundwork.Cache.Inspection;

/// <summary>Looks into the engine from inside the process. Thread-safe.</summary>
internal sealed class CacheInspector(CacheEngine engine) : ICacheInspector
{
    /// <inheritdoc/>
    public IReadOnlyList<ISpaceInspector> Spaces => [.. engine.Spaces.All.Select(s => new SpaceInspector(s))];

    /// <inheritdoc/>
    public CacheServerState ReadServer() => new(
        engine.StartedAt,
        [.. (engine.Server?.Addresses ?? []).Select(a => a.ToString()!)],
        engine.Clients.Count,
        engine.Stats.Calls(),
        engine.Stats.Errors);

    /// <inheritdoc/>
    public IReadOnlyList<SlowLogEntry> ReadSlowLog(int count) =>
        [.. engine.SlowLog.Last(count).Select(c => new SlowLogEntry(
            DateTimeOffset.FromUnixTimeSeconds(c.At), TimeSpan.FromMicroseconds(c.Microseconds), c.Arguments, c.Address, c.Name))];
}
