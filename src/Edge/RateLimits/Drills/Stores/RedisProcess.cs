using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Groundwork.RateLimits.Drills.Stores;

/// <summary>redis-server, where it is installed.</summary>
internal static class RedisProcess
{
    private const string Program = "redis-server";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Why it cannot be used, and what to do; null where it can.</summary>
    public static string? Missing { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, Program)))
            ? null
            : $"{Program} is not in PATH: install it.";

    /// <summary>Starts it, and waits until it takes connections.</summary>
    public static async Task<StoreProcess> StartAsync(int port, CancellationToken cancellationToken)
    {
        var process = Process.Start(new ProcessStartInfo(
            Program,
            ["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--logfile", "/dev/null"]))
            ?? throw new InvalidOperationException($"{Program} did not start.");
        try
        {
            while (!await AnswersAsync(port, cancellationToken))
            {
                if (process.HasExited)
                    throw new InvalidOperationException($"{Program} ended with {process.ExitCode} before it served.");
                await Task.Delay(Pause, cancellationToken);
            }
        }
        catch
        {
            await EndAsync(process);
            throw;
        }

        return new StoreProcess(process.Id, () => EndAsync(process), async () =>
        {
            await EndAsync(process);
            process.Dispose();
        });
    }

    private static async Task<bool> AnswersAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static Task EndAsync(Process process)
    {
        process.Kill();
        return process.WaitForExitAsync(CancellationToken.None);
    }
}
