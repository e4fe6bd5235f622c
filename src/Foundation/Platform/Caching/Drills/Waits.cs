namespace Groundwork.Platform.Caching.Drills;

/// <summary>Waiting for what must come, with a bound that is far beyond how long it takes on a machine that does other things.</summary>
internal static class Waits
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Looks again and again.</summary>
    /// <param name="look">Whether it has come.</param>
    /// <param name="what">What, as a sentence.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">It did not come.</exception>
    public static async Task UntilAsync(Func<Task<bool>> look, string what, CancellationToken cancellationToken)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(Bound);
        try
        {
            while (!await look())
                await Task.Delay(Pause, bounded.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"After {Bound.TotalSeconds:0} s it was still not so: {what}");
        }
    }

    /// <summary>Looks again and again.</summary>
    public static Task UntilAsync(Func<bool> look, string what, CancellationToken cancellationToken) =>
        UntilAsync(() => Task.FromResult(look()), what, cancellationToken);
}
