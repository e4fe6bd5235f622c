using System.Threading.Channels;
using Groundwork.Ports.Database;

namespace Groundwork.Platform.Data.Drills;

/// <summary>
/// The load of <see cref="DatabaseCrashDrill"/>, in the process that is killed: concurrent writers, and one printer of the
/// numbers whose writes were acknowledged. What is printed has been acknowledged; what has been acknowledged may not be
/// printed yet when the end comes.
/// </summary>
internal sealed class CrashLoad(IDatabase database, long run, int round, bool acknowledgeEarly)
{
    private readonly Channel<long> _acknowledged = Channel.CreateBounded<long>(new BoundedChannelOptions(4096) { SingleReader = true });

    /// <summary>Writes until it is killed, cancelled, or something fails.</summary>
    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var tasks = Enumerable.Range(0, CrashRows.Writers).Select(writer => WriteAsync(writer, ending.Token))
            .Append(PrintAsync(output, ending.Token))
            .ToList();

        // None ends by itself, so the first that does is the reason for the end of all.
        var first = await Task.WhenAny(tasks);
        await ending.CancelAsync();
        await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    private async Task WriteAsync(int writer, CancellationToken cancellationToken)
    {
        for (var sequence = 0L; ; sequence++)
        {
            var number = CrashRows.Number(round, writer, sequence);
            var write = CrashRows.WriteAsync(database, run, number, cancellationToken);
            try
            {
                if (!acknowledgeEarly)
                    await write;
                await _acknowledged.Writer.WriteAsync(number, cancellationToken);
                await write;
            }
            catch (DatabaseException e) when (e.Failure == DatabaseFailure.Contention)
            {
                // Not done, and so not acknowledged: the next number.
            }
        }
    }

    private async Task PrintAsync(TextWriter output, CancellationToken cancellationToken)
    {
        while (await _acknowledged.Reader.WaitToReadAsync(cancellationToken))
        {
            while (_acknowledged.Reader.TryRead(out var number))
                output.WriteLine(number);
            await output.FlushAsync(cancellationToken);
        }
    }
}
