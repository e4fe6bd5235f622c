using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Groundwork.Cache.Benchmarks.Rivals;

/// <summary>A rival's server in a process of its own, on a spare port of loopback. Disposing it kills it.</summary>
internal sealed class RivalProgram : IAsyncDisposable
{
    private readonly Process _process;

    private RivalProgram(Process process, int port) => (_process, Port) = (process, port);

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>The operating system's number for it.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Whether a program is installed.</summary>
    public static bool IsInPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>Starts one, and waits until it takes connections.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="arguments">What it is told, from the port where it is to listen.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<RivalProgram> StartAsync(string program, Func<int, string[]> arguments, CancellationToken cancellationToken)
    {
        var port = SparePort();
        var process = Start(program, arguments(port));
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                return new RivalProgram(process, port);
            }
            catch (SocketException) when (!process.HasExited)
            {
                await Task.Delay(20, cancellationToken);
            }
        }
    }

    /// <summary>Starts a program whose output is read.</summary>
    public static Process Start(string program, string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })
        ?? throw new InvalidOperationException($"{program} did not start.");

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _process.Kill();
        _process.Dispose();
        return ValueTask.CompletedTask;
    }

    private static int SparePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
