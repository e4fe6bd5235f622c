using Groundwork.Platform.Http;
using Groundwork.Ports.Files;

namespace Groundwork.Links.Import;

/// <summary>
/// Where the results of imports wait until their requests have been read: files in <c>imports/</c> in the data folder, each gone
/// when it is closed, and those that a crash left behind at the next start.
/// </summary>
/// <remarks>
/// Not in the socket: a client that sends everything before it reads anything would wait for a server that waits for it. Not in
/// memory: an import may have any length. Bounded by the disk, of which <see cref="LeastRoomBytes"/> are left to the database.
/// Safe for concurrent use.
/// </remarks>
internal sealed class ImportSpools(InstancePaths paths)
{
    /// <summary>How much room results leave on the disk.</summary>
    public const long LeastRoomBytes = 256 << 20;

    private readonly string _folder = Path.Combine(paths.Data, "imports");

    /// <summary>Removes what a crash left behind.</summary>
    public void Clear()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Opens an empty file.</summary>
    public FileStream Open()
    {
        Directory.CreateDirectory(_folder);
        return new FileStream(Path.Combine(_folder, Path.GetRandomFileName()), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
            BufferSize = 0,
        });
    }

    /// <summary>Writes to a file, as long as there is room.</summary>
    /// <exception cref="ProblemException">There is not.</exception>
    public async ValueTask WriteAsync(FileStream spool, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (new DriveInfo(_folder).AvailableFreeSpace - bytes.Length < LeastRoomBytes)
            throw Full();
        try
        {
            await spool.WriteAsync(bytes, cancellationToken);
        }
        catch (IOException)
        {
            throw Full();
        }
    }

    private static ProblemException Full() => new(Problem.StorageFull.Result(
        "The disk has no room for the import's results. The links made so far stay; make room, and send the file again: it makes nothing twice."));
}
