using Groundwork.Broker.Tests.Storage;
using Groundwork.Testing;

namespace Groundwork.Broker.Tests.Logs;

/// <summary>
/// The power goes in the middle of any operation, and the disk keeps what it likes of what was not synced: what was acknowledged is
/// there afterwards, once and in its order, and nothing is there that was not sent.
/// </summary>
public sealed class PowerLossTests
{
    private const int Logs = 3;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Nothing_that_was_acknowledged_is_lost_doubled_or_out_of_order(int seed)
    {
        using var folder = new TempFolder();
        var random = new Random(seed);
        var sent = new Dictionary<int, List<string>>();
        var acknowledged = new Dictionary<int, int>();
        for (var number = 1; number <= Logs; number++)
            (sent[number], acknowledged[number]) = ([], 0);

        // Several lives, each ended by the power in the middle of something.
        for (var life = 0; life < 4; life++)
        {
            var disk = new FailingLogDisk(folder.Path);
            disk.CutPowerAt(random.Next(1, 250), random);
            var logs = new LogFolder(disk, Logs) { JournalBytes = 32 << 10 };
            try
            {
                _ = logs.Store;
                Check(logs, sent, acknowledged);
                await WriteAsync(logs, random, sent, acknowledged);
            }
            catch (IOException)
            {
                // The power went.
            }

            await EndAsync(logs);
            if (!disk.IsOff)
                disk.CutPower(random);
        }

        var last = new LogFolder(new Broker.Storage.SystemDisk(folder.Path), Logs);
        Check(last, sent, acknowledged);
        for (var number = 1; number <= Logs; number++)
            Assert.Equal(last.Log(number).EndOffset, await last.AppendAsync(TestBatches.Of("more"), number));
        await last.CloseAsync();
        Assert.DoesNotContain(last.Reports, report => report.Contains("neither in the log nor in the journal", StringComparison.Ordinal));
    }

    // An idempotent producer a log: each value follows on the one before; what a life leaves unanswered is sent again by the next.
    private static async Task WriteAsync(LogFolder logs, Random random, Dictionary<int, List<string>> sent, Dictionary<int, int> acknowledged)
    {
        for (var number = 1; number <= Logs; number++)
        {
            // Answers that a crash took away: the same again, and it is known.
            var known = (int)logs.Log(number).EndOffset;
            sent[number].RemoveRange(known, sent[number].Count - known);
        }

        for (var round = 0; round < 60; round++)
        {
            var waits = new List<(int Number, int Count, Task Durable)>();
            for (var i = random.Next(1, 6); i > 0; i--)
            {
                var number = random.Next(1, Logs + 1);
                var first = sent[number].Count;
                var count = random.Next(1, 4);
                var values = Enumerable.Range(first, count).Select(n => $"{number}/{n}/{new string('x', random.Next(200))}").ToList();
                sent[number].AddRange(values);
                var result = logs.Log(number).Append(TestBatches.Of(values, producer: number, epoch: 0, sequence: first));
                if (result.Fault is { } fault)
                    throw new IOException(fault.Message);
                waits.Add((number, first + count, result.Round!.Durable));
            }

            foreach (var (number, count, durable) in waits)
            {
                await durable;
                acknowledged[number] = Math.Max(acknowledged[number], count);
            }
        }
    }

    private static void Check(LogFolder logs, Dictionary<int, List<string>> sent, Dictionary<int, int> acknowledged)
    {
        for (var number = 1; number <= Logs; number++)
        {
            var there = logs.ReadAll(number);
            Assert.True(there.Count >= acknowledged[number], $"log {number}: {acknowledged[number]} were acknowledged, {there.Count} are there");
            Assert.Equal(Enumerable.Range(0, there.Count).Select(i => ((long)i, sent[number][i])), there);
            Assert.Equal(there.Count, logs.Log(number).HighWatermark);
            acknowledged[number] = there.Count;
        }
    }

    private static async Task EndAsync(LogFolder logs)
    {
        try
        {
            await logs.CloseAsync();
        }
        catch (IOException)
        {
            // There is no power to end in order.
        }
    }
}
