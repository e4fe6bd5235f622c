using Groundwork.Broker.Journals;
using Groundwork.Broker.Tests.Storage;
using Groundwork.Testing;

namespace Groundwork.Broker.Tests.Logs;

/// <summary>What a request appended is durable with the last of the rounds that it is in.</summary>
public sealed class RoundTests
{
    [Fact]
    public async Task A_repetition_waits_for_an_earlier_round_than_what_was_appended_before_it()
    {
        using var folder = new TempFolder();
        var disk = new FailingLogDisk(folder.Path);
        await using var logs = new LogFolder(disk, 2);
        _ = logs.Log();
        disk.SyncGate.Reset();
        var sent = () => TestBatches.Of(["a"], producer: 7, epoch: 0, sequence: 0);
        var first = logs.Log(1).Append(sent()).Round!;
        while (logs.Log(2).Append(TestBatches.Of("b")).Round == first)
            await Task.Yield(); // until the first round is being written

        var other = logs.Log(2).Append(TestBatches.Of("c")).Round;
        var repeated = logs.Log(1).Append(sent()).Round;

        Assert.Same(first, repeated);
        Assert.Same(other, Round.Later(other, repeated));
        Assert.Same(other, Round.Later(repeated, other));
        Assert.Same(first, Round.Later(null, first));
        Assert.Same(first, Round.Later(first, null));
        disk.SyncGate.Set();
        await other!.Durable;
    }
}
