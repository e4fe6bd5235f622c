namespace Groundwork.Platform.Caching.Drills;

/// <summary>
/// Copies that hear of one another. They are in the drill's own process, each with connections, memory, breaker and gate of its own: what
/// one does reaches another through the store, the signals and the shared cache only. Disposing it ends them.
/// </summary>
internal sealed class CopySet : IAsyncDisposable
{
    /// <param name="count">How many.</param>
    /// <param name="make">Makes one.</param>
    public CopySet(int count, Func<StoreCopy> make)
    {
        All = [.. Enumerable.Range(0, count).Select(_ => make())];
        foreach (var copy in All)
            copy.Others = [.. All.Where(c => c != copy)];
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<StoreCopy> All { get; }

    /// <summary>Waits until the shared cache answers each.</summary>
    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        foreach (var copy in All)
            await copy.Spaces.ReadyAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var copy in All)
            await copy.DisposeAsync();
    }
}
