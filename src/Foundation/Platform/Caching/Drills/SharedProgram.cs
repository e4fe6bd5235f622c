using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Groundwork.Ports.Experiments;

namespace Groundwork.Platform.Caching.Drills;

/// <summary>
/// The whole program, whose cache others share: killed, hung, and started again at the same port. Not for concurrent use; disposing it
/// ends it.
/// </summary>
internal sealed partial class SharedProgram : IAsyncDisposable
{
    // Below those that systems give to whoever connects: else somebody may have it by the time of the second start.
    private const int FirstPort = 20_000;
    private const int LastPort = 32_000;

    private readonly IDrillContext _context;
    private IExperimentProgram _program;

    private SharedProgram(IDrillContext context, int port, IExperimentProgram program) => (_context, Port, _program) = (context, port, program);

    /// <summary>Where Redis' protocol is served.</summary>
    public int Port { get; }

    /// <summary>The value of <c>Cache:Connection</c> that leads there. What the driver itself gives up is never first.</summary>
    public string Connection => $"127.0.0.1:{Port},asyncTimeout=20000";

    /// <summary>Whether a process can be hung here.</summary>
    public static bool CanHang => OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();

    /// <summary>Starts it.</summary>
    public static async Task<SharedProgram> StartAsync(IDrillContext context, CancellationToken cancellationToken)
    {
        var port = SparePort(context.Random);
        return new SharedProgram(context, port, await StartAsync(context, port, cancellationToken));
    }

    /// <summary>SIGKILL; returns when it is gone.</summary>
    public Task KillAsync() => _program.KillAsync();

    /// <summary>Starts it again after <see cref="KillAsync"/>; its cache is empty.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken) => _program = await StartAsync(_context, Port, cancellationToken);

    /// <summary>SIGSTOP: it takes connections and says nothing.</summary>
    public void Hang() => Send(_program.ProcessId, OperatingSystem.IsLinux() ? 19 : 17);

    /// <summary>SIGCONT.</summary>
    public void GoOn() => Send(_program.ProcessId, OperatingSystem.IsLinux() ? 18 : 19);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _program.DisposeAsync();

    private static Task<IExperimentProgram> StartAsync(IDrillContext context, int port, CancellationToken cancellationToken) =>
        context.StartProgramAsync(
            Path.Combine(context.Folder, "shared"),
            ["--Database:Connection=", "--Cache:Connection=", "--Cache:Password=", $"--Cache:Listen=127.0.0.1:{port}"],
            cancellationToken);

    private static int SparePort(Random random)
    {
        while (true)
        {
            var port = random.Next(FirstPort, LastPort);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken: the next.
            }
        }
    }

    private static void Send(int process, int signal)
    {
        if (SendSignal(process, signal) != 0)
            throw new InvalidOperationException($"Process {process} did not take signal {signal}.");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
