using Groundwork.Primitives;

namespace Groundwork.Platform.Caching.Drills;

/// <summary>
/// Readers and writers of all copies, who go on whatever befalls the shared cache; rows are asked for by Zipf's law. Disposing it ends them.
/// </summary>
internal sealed class Traffic : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _running;

    /// <param name="copies">Whose users they are.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="mix">How many they are in each copy, and how often they ask.</param>
    /// <param name="random">Seeds theirs.</param>
    public Traffic(IReadOnlyList<StoreCopy> copies, int rows, TrafficMix mix, Random random)
    {
        var ranks = new ZipfDistribution(rows);
        var users = new List<Task>();
        foreach (var copy in copies)
        {
            for (var i = 0; i < mix.Readers + mix.Writers; i++)
            {
                var (isReader, own) = (i < mix.Readers, new Random(random.Next()));
                users.Add(Task.Run(() => isReader
                    ? RepeatAsync(() => copy.ReadAsync((int)ranks.Next(own) - 1, _ending.Token), mix.ReadPause)
                    : RepeatAsync(() => copy.WriteAsync((int)ranks.Next(own) - 1, _ending.Token), mix.WritePause)));
            }
        }

        _running = Task.WhenAll(users);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _running;
        _ending.Dispose();
    }

    private async Task RepeatAsync(Func<Task> act, TimeSpan pause)
    {
        try
        {
            while (!_ending.IsCancellationRequested)
            {
                await act();
                await Task.Delay(pause, _ending.Token);
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // As it must end.
        }
    }
}

/// <summary>Who comes to a copy.</summary>
/// <param name="Readers">How many read.</param>
/// <param name="ReadPause">How long each waits from an answer to the next read.</param>
/// <param name="Writers">How many write.</param>
/// <param name="WritePause">How long each waits after a write.</param>
internal sealed record TrafficMix(int Readers, TimeSpan ReadPause, int Writers, TimeSpan WritePause);
