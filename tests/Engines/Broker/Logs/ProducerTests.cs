using Groundwork.Broker.Protocol;
using Groundwork.Broker.Storage;

namespace Groundwork.Broker.Tests.Logs;

/// <summary>An idempotent producer's batches are in the log once and in their order, whatever it repeats.</summary>
public sealed class ProducerTests
{
    private static byte[] Batch(int sequence, int count = 1, short epoch = 0, long producer = 7) =>
        TestBatches.Of(Enumerable.Range(sequence, count).Select(i => $"s{i}"), producer: producer, epoch: epoch, sequence: sequence);

    [Fact]
    public async Task A_batch_that_is_sent_again_is_answered_with_its_offset_and_not_appended()
    {
        await using var logs = new LogFolder(new MemoryDisk());
        for (var i = 0; i < 5; i++)
            await logs.AppendAsync(Batch(3 * i, 3));

        for (var i = 0; i < 5; i++)
            Assert.Equal(3 * i, await logs.AppendAsync(Batch(3 * i, 3)));

        Assert.Equal(15, logs.Log().EndOffset);
    }

    [Fact]
    public async Task A_gap_is_refused()
    {
        await using var logs = new LogFolder(new MemoryDisk());
        await logs.AppendAsync(Batch(0));

        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, logs.Log().Append(Batch(2)).Fault?.Code);
        Assert.Equal(1, await logs.AppendAsync(Batch(1)));
    }

    [Fact]
    public async Task What_was_appended_longer_ago_than_is_known_is_a_duplicate()
    {
        await using var logs = new LogFolder(new MemoryDisk());
        for (var i = 0; i < 10; i++)
            await logs.AppendAsync(Batch(i));

        Assert.Equal(ErrorCode.DuplicateSequenceNumber, logs.Log().Append(Batch(2)).Fault?.Code);
    }

    [Fact]
    public async Task A_producer_whose_place_was_taken_is_refused()
    {
        await using var logs = new LogFolder(new MemoryDisk());
        await logs.AppendAsync(Batch(0));
        await logs.AppendAsync(Batch(0, epoch: 1));

        Assert.Equal(ErrorCode.InvalidProducerEpoch, logs.Log().Append(Batch(1, epoch: 0)).Fault?.Code);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, logs.Log().Append(Batch(5, epoch: 2)).Fault?.Code);
    }

    [Fact]
    public async Task After_the_largest_sequence_comes_zero()
    {
        await using var logs = new LogFolder(new MemoryDisk());
        await logs.AppendAsync(Batch(int.MaxValue - 1, 2));

        Assert.Equal(2, await logs.AppendAsync(Batch(0)));
        Assert.Equal(0, await logs.AppendAsync(Batch(int.MaxValue - 1, 2)));
    }

    [Fact]
    public async Task Sequences_are_known_after_a_restart_and_after_the_segments_that_they_were_in_are_gone()
    {
        await using var logs = new LogFolder(new MemoryDisk());
        for (var i = 0; i < 200; i++)
            await logs.AppendAsync(Batch(i));
        await logs.Log().DeleteBeforeAsync(200, TestContext.Current.CancellationToken);
        _ = logs.Log().Sweep(TimeSpan.FromDays(1));
        await logs.CloseAsync();

        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, logs.Log().Append(Batch(201)).Fault?.Code);
        Assert.Equal(198, await logs.AppendAsync(Batch(198)));
        Assert.Equal(200, await logs.AppendAsync(Batch(200)));
    }

    [Fact]
    public async Task A_producer_that_was_still_for_long_is_forgotten_and_may_begin_with_any_sequence()
    {
        await using var logs = new LogFolder(new MemoryDisk());
        await logs.AppendAsync(Batch(0));
        logs.Time.Advance(TimeSpan.FromDays(2));
        _ = logs.Log().Sweep(TimeSpan.FromDays(1));

        Assert.Equal(1, await logs.AppendAsync(Batch(77)));
    }
}
