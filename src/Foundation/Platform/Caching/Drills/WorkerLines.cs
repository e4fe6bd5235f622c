using Groundwork.Ports.Experiments;

namespace Groundwork.Platform.Caching.Drills;

/// <summary>Several workers of a drill who write a line each at every step. Not for concurrent use; disposing it ends them.</summary>
internal sealed class WorkerLines : IAsyncDisposable
{
    private readonly List<(IExperimentWorker Worker, IAsyncEnumerator<string> Lines)> _workers = [];

    /// <param name="context">The drill's.</param>
    /// <param name="count">How many.</param>
    /// <param name="argument">What each is told.</param>
    /// <param name="cancellationToken">Ends the waits for lines.</param>
    public WorkerLines(IDrillContext context, int count, string argument, CancellationToken cancellationToken)
    {
        for (var i = 0; i < count; i++)
        {
            var worker = context.StartWorker(argument);
            _workers.Add((worker, worker.ReadLinesAsync(cancellationToken).GetAsyncEnumerator(cancellationToken)));
        }
    }

    /// <summary>The next line of each.</summary>
    /// <exception cref="InvalidOperationException">One has ended.</exception>
    public async Task<IReadOnlyList<string>> NextAsync() => await Task.WhenAll(_workers.Select(async w =>
        await w.Lines.MoveNextAsync() ? w.Lines.Current : throw new InvalidOperationException("A worker ended before its work was done.")));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var (worker, lines) in _workers)
        {
            await worker.DisposeAsync();
            await lines.DisposeAsync();
        }
    }
}
