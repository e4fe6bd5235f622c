using System.Globalization;
using System.Runtime.Versioning;
using Groundwork.Ports.Modules;

namespace Groundwork.Platform.Folders;

/// <summary>
/// The data folder, held by one instance at a time.
/// </summary>
/// <remarks>
/// The lock is the operating system's own lock on <c>lock</c>, so that it ends with the process however that ends; <c>pid</c>
/// says who took it. The folder is for this user alone (0700), and so is the control socket in it (0600).
/// </remarks>
public sealed class DataFolder : IDisposable
{
    /// <summary>How long the control socket's path may be, in bytes: the address of a Unix socket holds these and an end.</summary>
    internal const int LongestSocketPath = 107;

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream lockFile) => (FullPath, _lock) = (path, lockFile);

    /// <summary>The folder's full path.</summary>
    public string FullPath { get; }

    /// <summary>Where the control socket of a folder is.</summary>
    public static string SocketPath(string folder) => Path.Combine(Path.GetFullPath(folder), "control.sock");

    /// <summary>Whether a folder's path is short enough for the control socket in it.</summary>
    internal static bool HasRoomForSocket(string folder) =>
        System.Text.Encoding.UTF8.GetByteCount(SocketPath(folder)) <= LongestSocketPath;

    /// <summary>Makes the folder if need be and takes it.</summary>
    /// <exception cref="StartRefusedException">Another instance holds it, or it cannot be used; the message says what to do.</exception>
    public static DataFolder Take(string folder)
    {
        var path = Path.GetFullPath(folder);
        if (!HasRoomForSocket(path))
        {
            throw new StartRefusedException(
                $"The path of the data folder {path} is too long: the control socket in it needs {LongestSocketPath} bytes at most. "
                + "Choose a shorter one with --Data=….");
        }

        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path);
            else
                CreateOwnerOnly(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException(
                $"The data folder {path} cannot be made, or closed to other users: {e.Message} Choose another with --Data=….", e);
        }

        FileStream? stream = null;
        try
        {
            stream = new FileStream(LockPath(path), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(HolderPath(path), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new DataFolder(path, stream);
        }
        catch (UnauthorizedAccessException e)
        {
            stream?.Dispose();
            throw new StartRefusedException($"The data folder {path} is not writable for this user. Choose another with --Data=….", e);
        }
        catch (IOException e) when (stream is not null || !IsHeldByAnother(e))
        {
            stream?.Dispose();
            throw new StartRefusedException($"Nothing can be written in the data folder {path}: {e.Message}. Mend that, or choose another with --Data=….", e);
        }
        catch (IOException e)
        {
            throw new DataFolderHeldException(
                $"Another instance{(Holder(path) is { } process ? $" (process {process})" : "")} is running on the data folder {path}. Stop it first, or give this one a folder of its own "
                + "with --Data=… (and other ports, such as --Http:Listen=127.0.0.1:8081).", e);
        }
    }

    /// <summary>The process that took a folder last; null where there is none, or it can't be told.</summary>
    public static int? Holder(string folder)
    {
        try
        {
            return int.TryParse(File.ReadAllText(HolderPath(folder)), CultureInfo.InvariantCulture, out var id) ? id : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Lets go of it.</summary>
    public void Dispose() => _lock.Dispose();

    // EWOULDBLOCK of Linux and of macOS, and the sharing violation of Windows; anything else is the disk's.
    private static bool IsHeldByAnother(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);

    // Beside the lock, since what is locked can't be read.
    private static string HolderPath(string folder) => Path.Combine(Path.GetFullPath(folder), "pid");

    private static string LockPath(string folder) => Path.Combine(Path.GetFullPath(folder), "lock");

    /// <summary>
    /// A folder that is there already, such as a mounted volume, is closed to others when it is empty or was ours before. One
    /// that holds something else (<c>/tmp</c>, say) is nobody's to close.
    /// </summary>
    [UnsupportedOSPlatform("windows")]
    private static void CreateOwnerOnly(string path)
    {
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(path, Owner);
        var mode = File.GetUnixFileMode(path);
        if ((mode & ~Owner) == 0)
            return;

        if (!File.Exists(LockPath(path)) && Directory.EnumerateFileSystemEntries(path).Any(e => Path.GetFileName(e) != "lost+found"))
        {
            throw new StartRefusedException(
                $"The data folder {path} holds other things and is open to other users. Choose an empty or a new one with --Data=….");
        }

        File.SetUnixFileMode(path, mode & Owner);
    }
}

/// <summary>Another instance holds the data folder.</summary>
public sealed class DataFolderHeldException(string message, Exception? inner = null) : StartRefusedException(message, inner);
