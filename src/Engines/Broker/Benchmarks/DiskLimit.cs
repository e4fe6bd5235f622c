using Groundwork.Broker.Storage;
using Groundwork.Ports.Experiments;

namespace Groundwork.Broker.Benchmarks;

/// <summary>The limit of this machine's disk: the same bytes written one behind the other to a file that has its room, and synced in pieces as long as our journal's frames become.</summary>
internal static class DiskLimit
{
    private const int PieceBytes = 1 << 20;
    private const long FileBytes = 64L << 20;

    /// <summary>A contender that writes so many bytes a round.</summary>
    public static Contender Create(string folder, long bytes, long operations)
    {
        var disk = new SystemDisk(folder);
        disk.CreateFolder("limit");
        var file = disk.Open("limit/file");
        file.Reserve(FileBytes);
        var piece = new byte[PieceBytes];
        new Random(1).NextBytes(piece);
        return new Contender("disk only", cancellationToken => Task.Run(
            () =>
            {
                for (long at = 0; at < bytes; at += PieceBytes)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    file.Write(piece, at % FileBytes);
                    file.Sync();
                }

                return operations;
            },
            cancellationToken), () =>
            {
                file.Dispose();
                return ValueTask.CompletedTask;
            });
    }
}
