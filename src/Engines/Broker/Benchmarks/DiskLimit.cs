using System.Diagnostics;
using Groundwork.Broker.Benchmarks.Load;
using Groundwork.Broker.Storage;
using Groundwork.Ports.Experiments;
using Groundwork.Primitives;

namespace Groundwork.Broker.Benchmarks;

/// <summary>The limit of this machine's disk: a file that has its room, written and synced as our journal is.</summary>
internal static class DiskLimit
{
    private const string Name = "disk only";
    private const int PieceBytes = 1 << 20;
    private const int PageBytes = 4096;
    private const long FileBytes = 64L << 20;

    /// <summary>How fast it is: a contender that writes so many bytes a round, one behind the other, and syncs them in pieces as long as our journal's frames become.</summary>
    public static Contender Create(string folder, long bytes, long operations)
    {
        var file = Open(folder);
        var piece = new byte[PieceBytes];
        new Random(1).NextBytes(piece);
        return Of(file, cancellationToken =>
        {
            for (long at = 0; at < bytes; at += PieceBytes)
            {
                cancellationToken.ThrowIfCancellationRequested();
                file.Write(piece, at % FileBytes);
                file.Sync();
            }

            return operations;
        });
    }

    /// <summary>How long a sync takes where there is time for it: a contender that writes and syncs a page each millisecond.</summary>
    public static Contender Paced(string folder, TimeSpan length)
    {
        var (file, page, latency) = (Open(folder), new byte[PageBytes], new LatencyHistogram());
        return Of(file, cancellationToken =>
        {
            latency = new LatencyHistogram();
            for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < length; Thread.Sleep(1))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var at = Stopwatch.GetTimestamp();
                file.Write(page, latency.Count * PageBytes % FileBytes);
                file.Sync();
                latency.Record((long)Stopwatch.GetElapsedTime(at).TotalMicroseconds);
            }

            return latency.Count;
        }) with
        {
            OnlyServerCounts = true,
            FiguresAsync = _ => new([.. Percentiles.Of(latency, "sync ")]),
        };
    }

    private static IDiskFile Open(string folder)
    {
        var disk = new SystemDisk(folder);
        disk.CreateFolder("limit");
        var file = disk.Open("limit/file");
        file.Reserve(FileBytes);
        return file;
    }

    private static Contender Of(IDiskFile file, Func<CancellationToken, long> round) => new(
        Name, cancellationToken => Task.Run(() => round(cancellationToken), cancellationToken),
        () =>
        {
            file.Dispose();
            return ValueTask.CompletedTask;
        });
}
