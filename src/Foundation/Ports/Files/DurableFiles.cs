using System.Runtime.InteropServices;

namespace Groundwork.Ports.Files;

/// <summary>
/// Files and names that are on the disk when the call returns, whatever the power does next: on Unix a new file's name is only
/// there once its folder was synced. Stateless.
/// </summary>
public static partial class DurableFiles
{
    /// <summary>Writes a file under another name, syncs it, and gives it its name: readers see all of it, or what was there before.</summary>
    public static async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var partial = path + ".partial";
        await using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await file.WriteAsync(content, cancellationToken);
            file.Flush(flushToDisk: true);
        }

        File.Move(partial, path, overwrite: true);
        SyncFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Makes a folder, and those above it, for this user alone (0700). One that is there is left as it is.</summary>
    public static void CreateFolder(string folder)
    {
        if (Directory.Exists(folder))
            return;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        SyncFolder(Path.GetDirectoryName(Path.GetFullPath(folder)) ?? folder);
    }

    /// <summary>Makes the names in a folder durable. On Windows there is nothing to do: NTFS journals its names.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;

        // .NET opens no handles on folders.
        const int ReadOnly = 0;
        var descriptor = Open(folder, ReadOnly);
        var failed = descriptor < 0 || Fsync(descriptor) != 0;
        var error = Marshal.GetLastPInvokeError();
        if (descriptor >= 0)
            _ = Close(descriptor);
        if (failed)
            throw new IOException($"The folder {folder} could not be synced: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
