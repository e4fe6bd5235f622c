using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Groundwork.Ports.Experiments;

/// <summary>A server of somebody else's that is installed here, in a process of its own, on loopback: what an experiment compares with, or stands on. Disposing it kills it.</summary>
/// <remarks>Not for concurrent use.</remarks>
public sealed class LocalProgram : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly Process _process;

    private LocalProgram(Process process, int port) => (_process, Port, ProcessId) = (process, port, process.Id);

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>The operating system's number for it.</summary>
    public int ProcessId { get; }

    /// <summary>Whether a program is installed.</summary>
    public static bool IsInPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>Starts one, and waits until it takes connections.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="port">Where it will listen, which <paramref name="arguments"/> have to say as well.</param>
    /// <param name="arguments">What it is told.</param>
    /// <param name="cancellationToken">Ends the wait, and the program.</param>
    /// <exception cref="InvalidOperationException">It ended by itself.</exception>
    public static async Task<LocalProgram> StartServerAsync(string program, int port, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var process = Start(program, arguments);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var server = new LocalProgram(process, port);
        try
        {
            while (!await AnswersAsync(port, cancellationToken))
            {
                if (process.HasExited)
                    throw new InvalidOperationException($"{program} ended with {process.ExitCode} before it served.");
                await Task.Delay(Pause, cancellationToken);
            }
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        return server;
    }

    /// <summary>Starts a program whose output and errors somebody reads.</summary>
    public static Process Start(string program, IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })
        ?? throw new InvalidOperationException($"{program} did not start.");

    /// <summary>SIGKILL; returns when it is gone.</summary>
    public Task KillAsync()
    {
        _process.Kill();
        return _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
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
}
