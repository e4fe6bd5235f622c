using System.Threading.Channels;
using Groundwork.Ports.Messaging;
using Groundwork.Primitives;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Messaging;

/// <summary>Commits what is done in front of a window, for one member of a group.</summary>
/// <param name="member">The member.</param>
/// <param name="group">The group's name.</param>
/// <param name="window">The window.</param>
/// <param name="gate">Held by whoever touches the window.</param>
/// <param name="moved">Is told when there may be room in the window.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Spreads retries.</param>
/// <param name="logger">Where it reports.</param>
internal sealed partial class WindowCommits(
    IGroupMember member, string group, EventWindow window, Lock gate, Action moved, TimeProvider time, Random random, ILogger logger)
{
    private static readonly Backoff Retries = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30));

    /// <summary>Commits whenever something is done, until it is over. While a commit is under way, others are done: so the busier it is, the more records share a commit.</summary>
    public async Task RunAsync(Channel<bool> done, CancellationToken over)
    {
        var failures = 0;
        while (!over.IsCancellationRequested)
        {
            try
            {
                await done.Reader.ReadAsync(over);
                await CommitAsync(over);
                failures = 0;
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                return;
            }
            catch (BrokerException e)
            {
                if (++failures == 1)
                    LogNotCommitted(logger, group, e);
                await Task.Delay(Retries.Delay(failures, random.NextDouble()), time, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                done.Writer.TryWrite(true);
            }
        }
    }

    private async Task CommitAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<WindowCommit> commits;
        lock (gate)
            commits = window.Committable();
        moved();
        if (commits.Count == 0)
            return;
        try
        {
            await member.CommitAsync([.. commits.Select(commit => commit.Record)], cancellationToken);
            lock (gate)
            {
                foreach (var commit in commits)
                    EventWindow.Committed(commit);
            }
        }
        catch (BrokerException e) when (e.Fault == BrokerFault.Revoked)
        {
            await CommitEachAsync(commits, cancellationToken);
        }
    }

    // Of a partition that is another member's by now, nothing here says anything any more.
    private async Task CommitEachAsync(IReadOnlyList<WindowCommit> commits, CancellationToken cancellationToken)
    {
        foreach (var commit in commits)
        {
            try
            {
                await member.CommitAsync([commit.Record], cancellationToken);
                lock (gate)
                    EventWindow.Committed(commit);
            }
            catch (BrokerException e) when (e.Fault == BrokerFault.Revoked)
            {
                lock (gate)
                    window.Drop(commit.Partition);
            }
        }
    }

    /// <summary>Commits what is done at the end.</summary>
    public async Task EndAsync(TimeSpan atMost)
    {
        try
        {
            using var patience = new CancellationTokenSource(atMost, time);
            await CommitAsync(patience.Token);
        }
        catch (Exception e) when (e is BrokerException or OperationCanceledException)
        {
            LogNotCommitted(logger, group, e); // handled again by whoever comes next
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What the group {Group} is done with could not be committed; it may be handled again.")]
    private static partial void LogNotCommitted(ILogger logger, string group, Exception exception);
}
