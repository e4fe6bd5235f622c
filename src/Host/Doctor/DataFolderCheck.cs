using System.Diagnostics;

namespace Groundwork.Host.Doctor;

/// <summary>Whether the data folder takes data, for how long, how fast, and for whose eyes.</summary>
internal static class DataFolderCheck
{
    private const string Name = "data folder";
    private const int Syncs = 20;
    private const long LowSpace = 1L << 30;
    private const long NoSpace = 64L << 20;

    // A commit waits for one; above this, a laptop's disk or a network file system is the bottleneck of every write.
    private static readonly TimeSpan SlowSync = TimeSpan.FromMilliseconds(20);

    public static IEnumerable<Finding> Run(string folder)
    {
        var existing = folder;
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
            existing = parent;

        yield return Write(folder, existing);
        yield return Space(existing);
        if (existing == folder && Permissions(folder) is { } open)
            yield return open;
    }

    private static Finding Write(string folder, string existing)
    {
        var file = Path.Combine(existing, $".doctor-{Guid.NewGuid():n}");
        try
        {
            var times = new List<TimeSpan>();
            using (var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
                var page = new byte[4096];
                for (var i = 0; i < Syncs; i++)
                {
                    var began = Stopwatch.GetTimestamp();
                    stream.Write(page);
                    stream.Flush(flushToDisk: true);
                    times.Add(Stopwatch.GetElapsedTime(began));
                }
            }

            times.Sort();
            var seen = $"{(existing == folder ? folder : $"{folder} can be made")}; 4 KiB are on the disk after {Ms(times[Syncs / 2])} (slowest of {Syncs}: {Ms(times[^1])}).";
            return times[Syncs / 2] > SlowSync
                ? Finding.Warn(Name, seen, "Each commit waits for this. Put Data on a local disk with a fast sync.")
                : Finding.Ok(Name, seen);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Finding.Fail(Name, $"Nothing can be written in {existing}: {e.Message}", "Give this user the right to write there, or choose another folder with --Data=….");
        }
    }

    private static Finding Space(string existing)
    {
        const string Check = "disk space";
        var free = new DriveInfo(existing).AvailableFreeSpace;
        var seen = $"{free / (double)(1L << 30):0.0} GiB free.";
        return free switch
        {
            < NoSpace => Finding.Fail(Check, seen, "Make room: writes fail when the disk is full (reads go on)."),
            < LowSpace => Finding.Warn(Check, seen, "Make room before it is full."),
            _ => Finding.Ok(Check, seen),
        };
    }

    private static Finding? Permissions(string folder)
    {
        if (OperatingSystem.IsWindows())
            return null;
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        return (File.GetUnixFileMode(folder) & Others) == 0
            ? Finding.Ok("permissions", "Only this user can enter the data folder.")
            : Finding.Warn("permissions", "Other users can enter the data folder.", $"The next start closes it; or now: chmod 700 {folder}");
    }

    private static string Ms(TimeSpan time) => $"{time.TotalMilliseconds:0.0} ms";
}
