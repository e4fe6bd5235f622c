using Groundwork.Ports.Experiments;

namespace Groundwork.Platform.Caching.Drills;

/// <summary>
/// The whole program, whose cache others share: killed, hung, and started again at the same port. Not for concurrent use; disposing it
/// ends it.
/// </summary>
internal sealed class SharedProgram : IAsyncDisposable
{
    private readonly IDrillContext _context;
    private IExperimentProgram _program;

    private SharedProgram(IDrillContext context, int port, IExperimentProgram program) => (_context, Port, _program) = (context, port, program);

    /// <summary>Where Redis' protocol is served.</summary>
    public int Port { get; }

    /// <summary>The value of <c>Cache:Connection</c> that leads there. What the driver itself gives up is never first.</summary>
    public string Connection => $"127.0.0.1:{Port},asyncTimeout=20000";

    /// <summary>Starts it.</summary>
    public static async Task<SharedProgram> StartAsync(IDrillContext context, CancellationToken cancellationToken)
    {
        var port = LastingPort.Next(context.Random);
        return new SharedProgram(context, port, await StartAsync(context, port, cancellationToken));
    }

    /// <summary>SIGKILL; returns when it is gone.</summary>
    public Task KillAsync() => _program.KillAsync();

    /// <summary>Starts it again after <see cref="KillAsync"/>; its cache is empty.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken) => _program = await StartAsync(_context, Port, cancellationToken);

    /// <summary>SIGSTOP: it takes connections and says nothing.</summary>
    public void Hang() => HungProcess.Hang(_program.ProcessId);

    /// <summary>SIGCONT.</summary>
    public void GoOn() => HungProcess.GoOn(_program.ProcessId);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _program.DisposeAsync();

    private static Task<IExperimentProgram> StartAsync(IDrillContext context, int port, CancellationToken cancellationToken) =>
        context.StartProgramAsync(
            Path.Combine(context.Folder, "shared"),
            ["--Database:Connection=", "--Cache:Connection=", "--Cache:Password=", $"--Cache:Listen=127.0.0.1:{port}"],
            cancellationToken);
}
