using Groundwork.Broker.Logs;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Records;
using Groundwork.Broker.Storage;

namespace Groundwork.Broker.Tests.Logs;

/// <summary>A log is appended to at its end and read from anywhere.</summary>
public sealed class PartitionLogTests
{
    [Fact]
    public async Task What_was_appended_is_read_in_order_from_any_offset()
    {
        await using var logs = new LogFolder(new MemoryDisk());
        for (var i = 0; i < 500; i++)
            Assert.Equal(2 * i, await logs.AppendAsync(TestBatches.Of($"a{i}", $"b{i}")));

        var all = logs.ReadAll();

        Assert.Equal(Enumerable.Range(0, 1000).Select(i => ((long)i, i % 2 == 0 ? $"a{i / 2}" : $"b{i / 2}")), all);
        for (var from = 0; from < 1000; from += 37)
            Assert.Equal(all.Skip(from), logs.ReadAll(from: from));
    }

    [Fact]
    public async Task An_offset_in_the_middle_of_a_batch_gives_the_whole_batch()
    {
        await using var logs = new LogFolder(new MemoryDisk());
        await logs.AppendAsync(TestBatches.Of("a", "b", "c"));

        using var read = logs.Log().Read(1, 1000, oversizeFirst: false).Data!;

        Assert.Equal([(0, "a"), (1, "b"), (2, "c")], TestBatches.Read(read.Batches));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    public async Task An_offset_outside_of_the_log_is_refused(long offset)
    {
        await using var logs = new LogFolder(new MemoryDisk());
        await logs.AppendAsync(TestBatches.Of("a", "b", "c"));

        Assert.Equal(ErrorCode.OffsetOutOfRange, logs.Log().Read(offset, 1000, true).Fault?.Code);
        Assert.Equal(default, logs.Log().Read(3, 1000, true));
    }

    [Fact]
    public async Task A_batch_that_is_longer_than_asked_for_is_returned_only_first()
    {
        await using var logs = new LogFolder(new MemoryDisk());
        await logs.AppendAsync(TestBatches.Of(new string('x', 2000)));

        Assert.Null(logs.Log().Read(0, 100, oversizeFirst: false).Data);
        using var read = logs.Log().Read(0, 100, oversizeFirst: true).Data;
        Assert.NotNull(read);
    }

    [Fact]
    public async Task Batches_that_are_too_long_are_refused()
    {
        await using var logs = new LogFolder(new MemoryDisk()) { Settings = new() { MaxMessageBytes = 200, SegmentBytes = 150 } };

        Assert.Equal(ErrorCode.MessageTooLarge, logs.Log().Append(TestBatches.Of(new string('x', 200))).Fault?.Code);
        Assert.Equal(ErrorCode.RecordListTooLarge, logs.Log().Append(TestBatches.Of(new string('x', 100))).Fault?.Code);
    }

    [Fact]
    public async Task Records_get_the_brokers_time_where_the_topic_says_so()
    {
        await using var logs = new LogFolder(new MemoryDisk()) { Settings = new() { IsStamped = true } };

        var result = logs.Log().Append(TestBatches.Of(["a"], time: 5));
        await result.Round!.Durable;

        Assert.Equal(1_000_000, result.Timestamp);
        using var read = logs.Log().Read(0, 1000, true).Data!;
        Assert.Equal(1_000_000, BatchReader.Read(read.Batches)[0].Timestamp);
    }

    [Fact]
    public async Task Times_that_are_too_far_off_are_refused()
    {
        await using var logs = new LogFolder(new MemoryDisk()) { Settings = new() { TimestampAfterMaxMs = 1000, TimestampBeforeMaxMs = 1000 } };

        Assert.Equal(ErrorCode.InvalidTimestamp, logs.Log().Append(TestBatches.Of(["a"], time: 1_001_001)).Fault?.Code);
        Assert.Equal(ErrorCode.InvalidTimestamp, logs.Log().Append(TestBatches.Of(["a"], time: 998_999)).Fault?.Code);
        Assert.Null(logs.Log().Append(TestBatches.Of(["a"], time: 1_001_000)).Fault);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task The_first_record_of_a_time_is_found(int codec)
    {
        await using var logs = new LogFolder(new MemoryDisk());
        for (var i = 0; i < 300; i++)
            await logs.AppendAsync(TestBatches.Of([$"a{i}", $"b{i}"], time: 1000 + (10 * i), codec: (Codec)codec));

        for (var i = 0; i < 300; i += 7)
        {
            Assert.Equal((1000 + (10 * i), 2 * i), logs.Log().FindTime(1000 + (10 * i)));
            Assert.Equal((1000 + (10 * i), 2 * i), logs.Log().FindTime(1000 + (10 * i) - 3));
        }

        Assert.Null(logs.Log().FindTime(5000));
    }

    [Fact]
    public async Task Deleting_records_moves_the_start_and_lasts()
    {
        var disk = new MemoryDisk();
        await using var logs = new LogFolder(disk);
        for (var i = 0; i < 200; i++)
            await logs.AppendAsync(TestBatches.Of($"v{i}"));

        Assert.Equal(150, await logs.Log().DeleteBeforeAsync(150, TestContext.Current.CancellationToken));
        Assert.Equal(150, logs.ReadAll()[0].Offset);
        var segments = logs.Log().Size;
        Assert.True(logs.Log().Sweep(TimeSpan.FromDays(1)) > 0);
        Assert.True(logs.Log().Size < segments);
        await logs.CloseAsync();

        Assert.Equal(150, logs.Log().StartOffset);
        Assert.Equal(Enumerable.Range(150, 50).Select(i => ((long)i, $"v{i}")), logs.ReadAll());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => logs.Log().DeleteBeforeAsync(201, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Segments_go_when_they_are_older_than_is_kept()
    {
        await using var logs = new LogFolder(new MemoryDisk()) { Settings = new() { SegmentBytes = 4096, RetentionMs = 10_000, TimestampAfterMaxMs = long.MaxValue } };
        for (var i = 0; i < 200; i++)
            await logs.AppendAsync(TestBatches.Of([$"v{i}"], time: 1_000_000 + (100 * i)));

        logs.Time.Advance(TimeSpan.FromSeconds(22));
        var expected = logs.Log().OutlivedBy(logs.Log().Settings);
        Assert.True(logs.Log().Sweep(TimeSpan.FromDays(1)) > 0);

        var kept = logs.ReadAll();
        Assert.Equal(expected, kept[0].Offset);
        Assert.Equal(logs.Log().StartOffset, kept[0].Offset);
        Assert.InRange(kept[0].Offset, 60, 120);
        Assert.Equal(199, kept[^1].Offset);

        logs.Time.Advance(TimeSpan.FromSeconds(60));
        _ = logs.Log().Sweep(TimeSpan.FromDays(1));
        Assert.Equal((200, 200), (logs.Log().StartOffset, logs.Log().HighWatermark));
        Assert.Equal(200, await logs.AppendAsync(TestBatches.Of("next")));
        Assert.Equal([(200, "next")], logs.ReadAll());
    }

    [Fact]
    public async Task Segments_go_when_the_log_is_longer_than_is_kept()
    {
        await using var logs = new LogFolder(new MemoryDisk()) { Settings = new() { SegmentBytes = 4096, RetentionMs = -1, RetentionBytes = 10_000 } };
        for (var i = 0; i < 500; i++)
            await logs.AppendAsync(TestBatches.Of($"v{i}"));

        _ = logs.Log().Sweep(TimeSpan.FromDays(1));

        Assert.InRange(logs.Log().Size, 10_000, 10_000 + (2 * 4096));
        Assert.Equal(499, logs.ReadAll()[^1].Offset);
    }

    [Fact]
    public async Task A_full_disk_refuses_and_takes_again_when_there_is_room()
    {
        using var folder = new Groundwork.Testing.TempFolder();
        var disk = new Storage.FailingLogDisk(folder.Path);
        await using var logs = new LogFolder(disk);
        await logs.AppendAsync(TestBatches.Of("before"));
        disk.Room = 20;

        Assert.Equal(ErrorCode.KafkaStorageError, logs.Log().Append(TestBatches.Of(new string('x', 100))).Fault?.Code);
        Assert.Equal([(0, "before")], logs.ReadAll());

        disk.Room = long.MaxValue;
        Assert.Equal(1, await logs.AppendAsync(TestBatches.Of("after")));
        Assert.Equal([(0, "before"), (1, "after")], logs.ReadAll());
        await logs.CloseAsync();
        Assert.Equal([(0, "before"), (1, "after")], logs.ReadAll());
    }

    [Fact]
    public async Task After_a_sync_that_failed_nothing_more_is_taken_and_what_was_acknowledged_is_read()
    {
        using var folder = new Groundwork.Testing.TempFolder();
        var disk = new Storage.FailingLogDisk(folder.Path);
        var logs = new LogFolder(disk);
        await logs.AppendAsync(TestBatches.Of("kept"));
        disk.FailSync(1);

        var lost = logs.Log().Append(TestBatches.Of("lost"));
        await Assert.ThrowsAsync<Journals.JournalFailedException>(() => lost.Round!.Durable);

        Assert.Equal(ErrorCode.KafkaStorageError, logs.Log().Append(TestBatches.Of("refused")).Fault?.Code);
        Assert.NotNull(logs.Store.Committer.Failure);
        Assert.Equal([(0, "kept")], logs.ReadAll());
        await logs.CloseAsync();
    }

    [Fact]
    public async Task A_damaged_batch_is_reported_and_never_served_and_those_around_it_are()
    {
        var disk = new MemoryDisk();
        await using var logs = new LogFolder(disk) { Settings = new() { RetentionMs = -1, IndexIntervalBytes = 64 } };
        for (var i = 0; i < 20; i++)
            await logs.AppendAsync(TestBatches.Of($"value {i}"));
        var length = TestBatches.Of("value 5").Length;
        using (var file = disk.Open($"log1/{Segment.Name(0)}.log"))
            file.Write([0xFF], (5 * length) + 70);

        using var before = logs.Log().Read(0, 10_000, true).Data!;
        Assert.Equal(5, TestBatches.Read(before.Batches).Count);
        Assert.Equal(ErrorCode.CorruptMessage, logs.Log().Read(5, 10_000, true).Fault?.Code);
        Assert.Contains(logs.Reports, report => report.Contains("offset 5 is damaged", StringComparison.Ordinal));
        Assert.Equal(14, logs.ReadAll(from: 6).Count);
    }
}
