using System.Globalization;
using Groundwork.Ports.Experiments;

namespace Groundwork.Cache.Benchmarks.Rivals;

/// <summary>memcached, where it is installed.</summary>
internal static class Memcached
{
    private const string Server = "memcached";

    /// <summary>Why it cannot be used, and what to do; null where it can.</summary>
    public static string? Missing { get; } = LocalProgram.IsInPath(Server) ? null : $"{Server} is not in PATH: install it.";

    /// <summary>
    /// Starts it with as many threads as there are processors, as many as ours has (by itself it takes four), 4 GiB so that nothing
    /// has to leave, and nothing else changed.
    /// </summary>
    public static Task<LocalProgram> StartServerAsync(CancellationToken cancellationToken)
    {
        var port = LastingPort.Next(new Random());
        return LocalProgram.StartServerAsync(
            Server, port, ["-l", "127.0.0.1", "-p", Text(port), "-U", "0", "-t", Text(Environment.ProcessorCount), "-m", "4096", "-u", Environment.UserName], cancellationToken);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
