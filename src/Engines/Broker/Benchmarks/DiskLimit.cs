using System.Diagnostics;
using Groundwork.Broker.Benchmarks.Load;
using Groundwork.Broker.Storage;
using Groundwork.Ports.Experiments;
using Groundwork.Primitives;

namespace Groundwork.Broker.Benchmarks;

/// <summary>The limit of this machine's disk, in files that are written and synced one piece behind the other.</summary>
internal static class DiskLimit
{
    private const string Name = "disk only";
    private const string NewName = "disk only, new files";
    private const string Folder = "limit";
    private const int PieceBytes = 1 << 20;
    private const int PageBytes = 4096;
    private const long FileBytes = 64L << 20;

    /// <summary>
    /// How fast it is over and over again, as our journal is written: a contender that writes so many bytes a round to a file that has its room and
    /// stays in memory, and syncs them in pieces as long as the journal's frames become.
    /// </summary>
    public static Contender Create(string folder, long bytes, long operations)
    {
        var (file, piece) = (Open(folder), Piece());
        return Of(Name, file.Dispose, cancellationToken =>
        {
            for (long at = 0; at < bytes; at += PieceBytes)
                Write(file, piece, at % FileBytes, cancellationToken);
            return operations;
        });
    }

    /// <summary>How fast it is where nothing is written over, as in a log: a contender that writes the same to a new file each round.</summary>
    /// <remarks>What no file had before wants memory that the system has not given out before, and a place on the disk.</remarks>
    public static Contender CreateNew(string folder, long bytes, long operations)
    {
        var (disk, piece, round) = (Disk(folder), Piece(), 0);
        return Of(NewName, static () => { }, cancellationToken =>
        {
            using var file = disk.Open($"{Folder}/new-{round++}");
            for (long at = 0; at < bytes; at += PieceBytes)
                Write(file, piece, at, cancellationToken);
            return operations;
        });
    }

    /// <summary>How long a sync takes where there is time for it: a contender that writes and syncs a page each millisecond.</summary>
    public static Contender Paced(string folder, TimeSpan length)
    {
        var (file, page, latency) = (Open(folder), new byte[PageBytes], new LatencyHistogram());
        return Of(Name, file.Dispose, cancellationToken =>
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

    private static void Write(IDiskFile file, byte[] piece, long at, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        file.Write(piece, at);
        file.Sync();
    }

    private static byte[] Piece()
    {
        var piece = new byte[PieceBytes];
        new Random(1).NextBytes(piece);
        return piece;
    }

    private static IDiskFile Open(string folder)
    {
        var file = Disk(folder).Open($"{Folder}/file");
        file.Reserve(FileBytes);
        return file;
    }

    private static SystemDisk Disk(string folder)
    {
        var disk = new SystemDisk(folder);
        disk.CreateFolder(Folder);
        return disk;
    }

    private static Contender Of(string name, Action end, Func<CancellationToken, long> round) => new(
        name, cancellationToken => Task.Run(() => round(cancellationToken), cancellationToken),
        () =>
        {
            end();
            return ValueTask.CompletedTask;
        });
}
