using System.Runtime.InteropServices;

namespace Groundwork.Broker.Storage;

/// <summary>
/// Keeps the number of files that are open at once within a bound, however many partitions there are: where one more is to be opened, one is closed that
/// was not used lately, and opened again when it is wanted. Safe for concurrent callers.
/// </summary>
/// <remarks>By the clock algorithm (F. J. Corbató, "A Paging Experiment with the Multics System", 1968): a use costs one store.</remarks>
internal sealed partial class OpenFiles(int most)
{
    /// <summary>How many there may be by default.</summary>
    public const int Default = 4096;

    // The rest of what the system allows is for sockets and everybody else.
    private const int ShareOfAllowed = 4;
    private const int FilesLimit = 7; // RLIMIT_NOFILE

    private readonly Lock _lock = new();
    private readonly List<SystemDiskFile> _files = [];
    private int _hand;

    /// <summary>As many as the system lets this program have, up to <see cref="Default"/>.</summary>
    public static OpenFiles Allowed() => new(
        OperatingSystem.IsLinux() && GetLimit(FilesLimit, out var limit) == 0 ? (int)Math.Clamp(limit.Most / ShareOfAllowed, 64, Default) : Default / ShareOfAllowed);

    /// <summary>A file is about to be opened. Some other may be closed meanwhile.</summary>
    public void Opening(SystemDiskFile file)
    {
        for (var tries = 0; Victim(file, tries) is { } victim; tries++)
        {
            if (!victim.TryPark())
                Return(victim);
        }
    }

    /// <summary>A file will not be opened again.</summary>
    public void Closed(SystemDiskFile file)
    {
        lock (_lock)
            Remove(_files.IndexOf(file));
    }

    // The next one that was not used since the hand came by last; null once there is room for a file, or where all are in use: better one too many than waiting for ever.
    private SystemDiskFile? Victim(SystemDiskFile file, int tries)
    {
        lock (_lock)
        {
            for (var looked = 0; _files.Count >= most && tries < most && looked < 2 * _files.Count; looked++)
            {
                _hand %= _files.Count;
                if (_files[_hand] is var next && next.WasUsed())
                {
                    _hand++;
                    continue;
                }

                Remove(_hand);
                return next;
            }

            _files.Add(file);
            return null;
        }
    }

    private void Return(SystemDiskFile file)
    {
        lock (_lock)
            _files.Add(file);
    }

    private void Remove(int at)
    {
        if (at < 0)
            return;
        _files[at] = _files[^1];
        _files.RemoveAt(_files.Count - 1);
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Limit(ulong Now, ulong Most);
}
