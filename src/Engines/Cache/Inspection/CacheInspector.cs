using Groundwork.Cache.Commands;
using Groundwork.Ports.Caching.Inspection;

namespace Groundwork.Cache.Inspection;

/// <summary>Looks into the engine from inside the process. Thread-safe.</summary>
internal sealed class CacheInspector(CacheEngine engine) : ICacheInspector
{
    private readonly SpaceInspector[] _spaces = [new(engine)];

    /// <inheritdoc/>
    public IReadOnlyList<ISpaceInspector> Spaces => _spaces;

    /// <inheritdoc/>
    public CacheServerState ReadServer() => new(engine.StartedAt, engine.Clients.Count, engine.Stats.Calls(), engine.Stats.Errors);

    /// <inheritdoc/>
    public IReadOnlyList<SlowLogEntry> ReadSlowLog(int count) =>
        [.. engine.SlowLog.Last(count).Select(c => new SlowLogEntry(
            DateTimeOffset.FromUnixTimeSeconds(c.At), TimeSpan.FromMicroseconds(c.Microseconds), c.Arguments, c.Address, c.Name))];
}
