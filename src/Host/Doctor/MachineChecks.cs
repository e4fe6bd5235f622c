using System.Diagnostics;
using System.Globalization;

namespace Groundwork.Host.Doctor;

/// <summary>What the machine itself gets wrong: its clock, its limits.</summary>
internal static class MachineChecks
{
    private const int FewDescriptors = 4096;
    private static readonly TimeSpan Watched = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    public static async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken) =>
        [await ClockAsync(cancellationToken), .. Descriptors()];

    private static async Task<Finding> ClockAsync(CancellationToken cancellationToken)
    {
        const string Name = "clock";
        var built = File.GetLastWriteTimeUtc(typeof(MachineChecks).Assembly.Location);
        var wall = DateTime.UtcNow;
        var monotonic = Stopwatch.GetTimestamp();
        await Task.Delay(Watched, cancellationToken);
        var jump = (DateTime.UtcNow - wall - Stopwatch.GetElapsedTime(monotonic)).Duration();

        var now = $"{wall:yyyy-MM-dd HH:mm:ss} UTC";
        if (wall < built)
            return Finding.Fail(Name, $"It is {now}, which is before this program was installed.", "Set the clock; times of what is stored now would be wrong.");
        return jump > Step
            ? Finding.Warn(Name, $"It is {now}, and the clock jumped by {jump.TotalMilliseconds:0} ms while it was looked at.", "Let it be slewed (chrony, systemd-timesyncd) rather than stepped.")
            : Finding.Ok(Name, $"It is {now}; the clock runs evenly.");
    }

    private static IEnumerable<Finding> Descriptors()
    {
        const string Name = "open files";
        const string Limits = "/proc/self/limits";
        if (!File.Exists(Limits) || File.ReadLines(Limits).FirstOrDefault(l => l.StartsWith("Max open files", StringComparison.Ordinal)) is not { } line)
            yield break;

        var soft = line["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        yield return long.TryParse(soft, CultureInfo.InvariantCulture, out var limit) && limit < FewDescriptors
            ? Finding.Warn(Name, $"This process may open {limit} files and connections.", "Raise it: `ulimit -n 65536`, or LimitNOFILE=65536 in the systemd unit.")
            : Finding.Ok(Name, $"This process may open {soft} files and connections.");
    }
}
