using Groundwork.Ports.Database;
using Groundwork.Ports.Experiments;
using Groundwork.Ports.Settings;

namespace Groundwork.Testing.Instances;

/// <summary>An engine whose own waits (before it tries a conflict again) pass while the instance's clock stands still.</summary>
internal sealed class RealTimeEngine(IDatabaseEngine engine) : IDatabaseEngine
{
    public string Name => engine.Name;

    public IReadOnlyList<Setting> Settings => engine.Settings;

    public IReadOnlyList<Benchmark> Benchmarks => engine.Benchmarks;

    public bool Serves(string connection) => engine.Serves(connection);

    public IDatabaseServer Create(DatabaseServerContext context) => engine.Create(context with { Time = TimeProvider.System });
}
