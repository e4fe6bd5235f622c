using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Groundwork.Broker.Logs;
using Groundwork.Broker.Node;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Storage;
using Groundwork.Broker.Tests.Logs;
using Groundwork.Broker.Tests.Protocol;
using Groundwork.Broker.Tests.Storage;
using Groundwork.Testing;

namespace Groundwork.Broker.Tests.Histories;

/// <summary>
/// Producers and consumers over sockets, while the disk of their broker hangs now and then, and its power goes again and again; afterwards the
/// history of all of it is checked. <c>GROUNDWORK_HISTORY_SECONDS</c> makes it as long as one likes.
/// </summary>
public sealed class CrashTests
{
    private const int Partitions = 2;
    private const int Lives = 8;

    private static readonly NodeOptions Small = new() { Logs = new LogStoreOptions { JournalBytes = 256 << 10 } };

    private static readonly TimeSpan? Time =
        Environment.GetEnvironmentVariable("GROUNDWORK_HISTORY_SECONDS") is { } text ? TimeSpan.FromSeconds(int.Parse(text, CultureInfo.InvariantCulture)) : null;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Through_power_cuts_and_a_disk_that_hangs_nothing_acknowledged_is_lost_doubled_reordered_or_changed()
    {
        using var folder = new TempFolder();
        var random = new Random(Time is null ? 7 : Environment.TickCount);
        var history = new History();
        var producers = Enumerable.Range(0, 4).Select(i => new HistoryProducer($"p{i}", i % Partitions, history, new Random(random.Next()))).ToList();
        await using (var first = await RunningBroker.StartAsync(Small, disk: new SystemDisk(folder.Path)))
            first.Create("t", Partitions, ("segment.bytes", "1048576"));

        var watch = System.Diagnostics.Stopwatch.StartNew();
        var lives = 0;
        for (; Time is { } time ? watch.Elapsed < time : lives < Lives; lives++)
        {
            var disk = new FailingLogDisk(folder.Path);
            disk.CutPowerAt(random.Next(1, 300), random);
            await LiveAsync(disk, history, producers, random);
            if (!disk.IsOff)
                disk.CutPower(random);
            Assert.Empty(history.Check());
        }

        await using var last = await RunningBroker.StartAsync(Small, disk: new SystemDisk(folder.Path));
        await Task.WhenAll(producers.Select(producer => producer.RunAsync(last.Address, last: true)));
        for (var partition = 0; partition < Partitions; partition++)
        {
            // One more at the end of each partition, so that what was acknowledged last would be missed too.
            history.Send(partition, $"end{partition}/0");
            history.Acknowledge($"end{partition}/0", await last.AppendAsync("t", partition, $"end{partition}/0"));
            await ReadAsync(last.Address, partition, history, 0, isDone: null);
        }

        Assert.Empty(history.Check());
        var timedOut = producers.Sum(producer => producer.TimedOut);
        TestContext.Current.SendDiagnosticMessage("{0} lives; acknowledged and read: {1}; answers that said that the disk hangs: {2}", lives, history.Count, timedOut);
        Assert.True(history.Count.Acknowledged > 0);
        Assert.True(timedOut > 0);
    }

    // A broker that lives until its power goes; its end is what a process's is: nothing of it reaches the disk any more.
    // In between its disk hangs, until readers have asked in vain some times.
    private static async Task LiveAsync(FailingLogDisk disk, History history, List<HistoryProducer> producers, Random random)
    {
        RunningBroker broker;
        try
        {
            broker = await RunningBroker.StartAsync(Small, disk: disk);
        }
        catch (IOException)
        {
            return; // the power went while it started
        }

        disk.StallAt(random.Next(1, 200));
        var inVain = random.Next(6, 20);
        void Read()
        {
            if (!disk.SyncGate.IsSet && Interlocked.Decrement(ref inVain) <= 0)
                disk.SyncGate.Set();
        }

        var clients = producers.Select(producer => producer.RunAsync(broker.Address, last: false)).ToList();
        for (var partition = 0; partition < Partitions; partition++)
        {
            // Nobody rereads everything in every life: what is old is read once more at the end.
            var from = Math.Max(0, broker.Node.Topics.Find("t")!.Partitions[partition].HighWatermark - 500);
            clients.Add(ReadAsync(broker.Address, partition, history, from, () => disk.IsOff, Read));
        }

        await Task.WhenAll(clients);
        broker.AssertNoFailure();
        try
        {
            await broker.DisposeAsync();
        }
        catch (IOException)
        {
            // There is no power to end in order.
        }
    }

    // Reads to the end, and, where it is told when it is done, waits there for more until then.
    private static async Task ReadAsync(EndPoint broker, int partition, History history, long offset, Func<bool>? isDone, Action? onRead = null)
    {
        try
        {
            using var client = await WireClient.ConnectAsync(broker, Cancellation);
            while (isDone?.Invoke() != true)
            {
                var read = (await client.AskAsync(Requests.Fetch("t", partition, offset, maxWaitMs: 20), Requests.FetchByName, Cancellation)).One();
                onRead?.Invoke();
                if (read.ErrorCode == ErrorCode.KafkaStorageError)
                    return;
                Assert.Equal(ErrorCode.None, read.ErrorCode);
                foreach (var (at, value) in TestBatches.Read(read.Records.Join()).Where(record => record.Offset >= offset))
                {
                    history.Read(partition, at, value);
                    offset = at + 1;
                }

                if (isDone is null && offset == read.HighWatermark)
                    return;
            }
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // The broker is gone.
        }
    }
}
