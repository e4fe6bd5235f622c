using System.Diagnostics;
using System.Globalization;

namespace Groundwork.Platform.Experiments.Benchmarks;

/// <summary>How much processor time (user and system) was spent, up to now.</summary>
public interface IProcessorClock
{
    /// <summary>By this process, all of its threads.</summary>
    TimeSpan Own();

    /// <summary>By another process and its children, living and waited for; zero when it is gone.</summary>
    TimeSpan Of(int process);
}

/// <summary>
/// The operating system's accounts. Other processes are read from <c>/proc/PID/stat</c>, in steps of 10 ms; without
/// <c>/proc</c> their children do not count.
/// </summary>
public sealed class ProcessorClock : IProcessorClock
{
    // USER_HZ: what /proc counts in, the same on every Linux that .NET runs on.
    private const int TicksPerSecond = 100;

    /// <inheritdoc/>
    public TimeSpan Own() => Environment.CpuUsage.TotalTime;

    /// <inheritdoc/>
    public TimeSpan Of(int process) => OperatingSystem.IsLinux() ? OfTree(process) : OfOne(process);

    private static TimeSpan OfTree(int root)
    {
        var all = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? Read(id) : null)
            .OfType<Account>()
            .ToList();
        var childrenOf = all.ToLookup(a => a.Parent);
        var ticks = 0L;
        var pending = new Queue<Account>(all.Where(a => a.Id == root));
        while (pending.TryDequeue(out var account))
        {
            ticks += account.Ticks;
            foreach (var child in childrenOf[account.Id])
                pending.Enqueue(child);
        }

        return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
    }

    // proc(5): "pid (name) state ppid …", with utime, stime, cutime and cstime as fields 14 to 17. The name may hold anything.
    private static Account? Read(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var ticks = fields[11..15].Sum(f => long.Parse(f, CultureInfo.InvariantCulture));
            return new Account(id, int.Parse(fields[1], CultureInfo.InvariantCulture), ticks);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // It ended while we looked.
        }
    }

    private static TimeSpan OfOne(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.TotalProcessorTime;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return TimeSpan.Zero;
        }
    }

    private sealed record Account(int Id, int Parent, long Ticks);
}
