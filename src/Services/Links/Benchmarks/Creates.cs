using System.Globalization;
using Groundwork.Ports.Experiments;

namespace Groundwork.Links.Benchmarks;

/// <summary>How fast links are made, each durable before it is acknowledged.</summary>
internal sealed class Creates(int connections) : Benchmark
{
    public override string Name => string.Create(CultureInfo.InvariantCulture, $"links.create.{connections}");

    public override string Work => $"Links made over {connections} connections, each acknowledged after its fsync, beside an empty table.";

    public override string Unit => "creates";

    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        var ours = await LoadedServer.StartAsync(context, context.Folder, [], cancellationToken);
        return [await ours.CreatedAsync("Groundwork", connections, new CreateRequests().Write, cancellationToken)];
    }
}
