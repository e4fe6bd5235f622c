using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Groundwork.Cache.Benchmarks;

/// <summary>Redis' own programs, where they are installed: the rival, and the load that both get.</summary>
internal static class RedisPrograms
{
    private const string Server = "redis-server";
    private const string Load = "redis-benchmark";

    /// <summary>Why they cannot be used, and what to do; null where they can.</summary>
    public static string? Missing { get; } =
        Array.TrueForAll([Server, Load], IsInPath) ? null : $"{Server} and {Load} are not in PATH: install Redis' server and tools.";

    /// <summary>Starts a server that keeps nothing on disk, and waits until it answers.</summary>
    /// <returns>The process, which the caller kills, and its port.</returns>
    public static async Task<(Process Process, int Port)> StartServerAsync(CancellationToken cancellationToken)
    {
        var port = SparePort();
        var process = Start(Server, ["--port", Text(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--loglevel", "warning"]);
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                return (process, port);
            }
            catch (SocketException) when (!process.HasExited)
            {
                await Task.Delay(20, cancellationToken);
            }
        }
    }

    /// <summary>Puts a load on a server of either kind, and waits for its end.</summary>
    /// <param name="port">The server's.</param>
    /// <param name="arguments">What redis-benchmark is told.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task LoadAsync(int port, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Start(Load, ["-h", "127.0.0.1", "-p", Text(port), "-q", .. arguments]);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"{Load} ended with {process.ExitCode}: {await errors}");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    private static Process Start(string program, string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })
        ?? throw new InvalidOperationException($"{program} did not start.");

    private static bool IsInPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    private static int SparePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
