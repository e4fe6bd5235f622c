using System.Globalization;
using Groundwork.Ports.Experiments;

namespace Groundwork.RateLimits.Drills.Stores;

/// <summary>
/// A store that callers share, in a process of its own: redis-server, or this program, whose cache it is. Killed, hung, and started again at
/// the same port. Not for concurrent use; disposing it ends it.
/// </summary>
internal sealed class StoreProgram : IAsyncDisposable
{
    private readonly Func<int, CancellationToken, Task<StoreProcess>> _startAsync;
    private StoreProcess _process;

    private StoreProgram(string name, int port, Func<int, CancellationToken, Task<StoreProcess>> startAsync, StoreProcess process) =>
        (Name, Port, _startAsync, _process) = (name, port, startAsync, process);

    /// <summary>Whose it is.</summary>
    public string Name { get; }

    /// <summary>Where Redis' protocol is served.</summary>
    public int Port { get; }

    /// <summary>The operating system's number for it.</summary>
    public int ProcessId => _process.Id;

    /// <summary>The value of <c>Cache:Connection</c> that leads there. What the driver itself gives up is never first.</summary>
    public string Connection => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port},asyncTimeout=20000");

    /// <summary>Starts this program, with nothing shared and nobody limited.</summary>
    public static Task<StoreProgram> StartOursAsync(IExperimentContext context, Random random, CancellationToken cancellationToken) => StartAsync(
        "Groundwork",
        LastingPort.Next(random),
        async (port, token) =>
        {
            var program = await context.StartProgramAsync(
                Path.Combine(context.Folder, "store"),
                [
                    "--Database:Connection=", "--Cache:Connection=", "--Cache:Password=", "--RateLimits:Policies=", "--RateLimits:Memory=256MiB",
                    string.Create(CultureInfo.InvariantCulture, $"--Cache:Listen=127.0.0.1:{port}"),
                ],
                token);
            return new StoreProcess(program.ProcessId, program.KillAsync, program.DisposeAsync);
        },
        cancellationToken);

    /// <summary>Starts redis-server, where <see cref="RedisProcess.Missing"/> is null; it keeps nothing on disk.</summary>
    public static Task<StoreProgram> StartRedisAsync(Random random, CancellationToken cancellationToken) =>
        StartAsync("redis-server", LastingPort.Next(random), RedisProcess.StartAsync, cancellationToken);

    /// <summary>Starts redis-server where it is installed, and this program elsewhere.</summary>
    public static Task<StoreProgram> StartEitherAsync(IExperimentContext context, Random random, CancellationToken cancellationToken) =>
        RedisProcess.Missing is null ? StartRedisAsync(random, cancellationToken) : StartOursAsync(context, random, cancellationToken);

    /// <summary>SIGKILL; returns when it is gone.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>Starts it again after <see cref="KillAsync"/>; it has counted nothing.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken) => _process = await _startAsync(Port, cancellationToken);

    /// <summary>SIGSTOP: it takes connections and says nothing.</summary>
    public void Hang() => HungProcess.Hang(ProcessId);

    /// <summary>SIGCONT.</summary>
    public void GoOn() => HungProcess.GoOn(ProcessId);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<StoreProgram> StartAsync(
        string name, int port, Func<int, CancellationToken, Task<StoreProcess>> startAsync, CancellationToken cancellationToken) =>
        new(name, port, startAsync, await startAsync(port, cancellationToken));
}

/// <summary>A process that serves a store.</summary>
/// <param name="Id">The operating system's number for it.</param>
/// <param name="KillAsync">Ends it, and returns when it is gone.</param>
/// <param name="DisposeAsync">Ends it, if it still runs, and lets go of it.</param>
internal sealed record StoreProcess(int Id, Func<Task> KillAsync, Func<ValueTask> DisposeAsync);
