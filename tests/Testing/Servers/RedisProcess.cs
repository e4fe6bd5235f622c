using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Groundwork.Ports.Experiments;

namespace Groundwork.Testing.Servers;

/// <summary>
/// A redis-server of a test's own, from the installed program, that keeps nothing on disk; it can be killed, started again on its port, hung, and let go on.
/// </summary>
/// <remarks>Where the program is missing, a test that asks for one is skipped with the reason; on CI (<c>CI=true</c>) it fails.</remarks>
public sealed class RedisProcess : IAsyncDisposable
{
    private const string Program = "redis-server";
    private const int Attempts = 5;

    private readonly string? _password;
    private readonly string[] _arguments;
    private Process? _process;

    private RedisProcess(string? password, string[] arguments) => (_password, _arguments) = (password, arguments);

    /// <summary>Where it listens, on loopback.</summary>
    public int Port { get; private set; }

    /// <summary>As <c>Cache:Connection</c> has it, with the password if it wants one.</summary>
    public string Connection => $"127.0.0.1:{Port}{(_password is null ? "" : $",password={_password}")}";

    private static string? Missing { get; } =
        LocalProgram.IsInPath(Program) ? null : $"{Program} is not in PATH: install Redis' server.";

    /// <summary>Skips the running test, or fails it on CI, where Redis is not installed.</summary>
    public static void Require()
    {
        if (Missing is null)
            return;
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail(Missing);
        Assert.Skip(Missing);
    }

    /// <summary>Starts one on a spare port, and waits until it answers.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="password">What its clients have to give; null for nothing.</param>
    /// <param name="arguments">What else it is started with.</param>
    public static async Task<RedisProcess> StartAsync(CancellationToken cancellationToken, string? password = null, params string[] arguments)
    {
        Require();
        var redis = new RedisProcess(password, arguments);
        for (var attempt = 1; ; attempt++)
        {
            redis.Port = SparePort.Next();
            try
            {
                await redis.StartAgainAsync(cancellationToken);
                return redis;
            }
            catch (InvalidOperationException) when (attempt < Attempts)
            {
                // Somebody else took the port in between.
            }
        }
    }

    /// <summary>Starts it on the port that it had, empty.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        string[] secret = _password is null ? [] : ["--requirepass", _password];
        _process = Process.Start(new ProcessStartInfo(
            Program,
            ["--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--loglevel", "warning", .. secret, .. _arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new Win32Exception($"{Program} did not start.");

        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
                return;
            }
            catch (SocketException) when (!_process.HasExited)
            {
                await Task.Delay(10, cancellationToken);
            }
            catch (SocketException e)
            {
                throw new InvalidOperationException($"{Program} ended with {_process.ExitCode}.", e);
            }
        }
    }

    /// <summary>Kills it; nothing stays.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process!.Kill();
        await _process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Stops it in its tracks: its connections stay, and nothing is answered.</summary>
    public void Hang() => HungProcess.Hang(_process!.Id);

    /// <summary>Lets it go on.</summary>
    public void GoOn() => HungProcess.GoOn(_process!.Id);

    /// <summary>Asks it something, past the port, on a connection for this once.</summary>
    /// <returns>The first line of the answer.</returns>
    public async Task<string> AskAsync(string command, CancellationToken cancellationToken) => (await AskAsync(command, 1, cancellationToken))[0];

    /// <summary>Waits until its clock has moved, and one millisecond beyond: Redis keeps a key through the last of its life.</summary>
    public async Task PassAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        var end = await NowAsync(cancellationToken) + (long)time.TotalMilliseconds + 1;
        while (await NowAsync(cancellationToken) <= end)
            await Task.Delay(1, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
            await KillAsync(CancellationToken.None);
        _process?.Dispose();
    }

    private async Task<long> NowAsync(CancellationToken cancellationToken)
    {
        var answer = await AskAsync("TIME", 5, cancellationToken); // a list of two texts: seconds, and microseconds beyond
        return (long.Parse(answer[2], CultureInfo.InvariantCulture) * 1000) + (long.Parse(answer[4], CultureInfo.InvariantCulture) / 1000);
    }

    private async Task<string[]> AskAsync(string command, int lines, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
        var stream = client.GetStream();
        if (_password is not null)
            command = $"AUTH {_password}\r\n{command}";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{command}\r\n"), cancellationToken);
        using var reader = new StreamReader(stream);
        if (_password is not null)
            await reader.ReadLineAsync(cancellationToken);
        var answer = new string[lines];
        for (var i = 0; i < lines; i++)
            answer[i] = await reader.ReadLineAsync(cancellationToken) ?? "";
        return answer;
    }
}
