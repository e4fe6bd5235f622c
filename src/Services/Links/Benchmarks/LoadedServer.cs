using System.Diagnostics;
using System.Net;
using Groundwork.Platform.Experiments.Load;
using Groundwork.Ports.Experiments;

namespace Groundwork.Links.Benchmarks;

/// <summary>A server in a process of its own, and the loads of it that are contenders.</summary>
/// <param name="Address">Where it serves.</param>
/// <param name="ProcessId">Whose processor time and memory count.</param>
/// <param name="Dispose">Ends it.</param>
/// <param name="Smoke">Whether rounds are as short as can be.</param>
internal sealed record LoadedServer(Uri Address, int ProcessId, Func<ValueTask> Dispose, bool Smoke)
{
    // The runtime compiles what is hot a second and a third time, on what it saw; until that is done a request costs half as
    // much again, and ours, which has more in it than a rival's, takes longer to get there.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(20);

    /// <summary>How long a round asks.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds(Smoke ? 0.2 : 4);

    /// <summary>Makes a data folder for one of several servers, closed to other users as the program wants it.</summary>
    public static string MakeFolder(IBenchmarkContext context, string name)
    {
        var folder = Path.Combine(context.Folder, name);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return folder;
    }

    /// <summary>Starts the whole program.</summary>
    /// <param name="context">Of the benchmark.</param>
    /// <param name="folder">Its data folder.</param>
    /// <param name="settings">Further ones than those of this process.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<LoadedServer> StartAsync(
        IBenchmarkContext context, string folder, IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        var program = await context.StartProgramAsync(folder, settings, cancellationToken);
        return new LoadedServer(program.Address, program.ProcessId, program.DisposeAsync, context.Smoke);
    }

    /// <summary>What the process has in memory, in bytes.</summary>
    public long ResidentBytes()
    {
        using var process = Process.GetProcessById(ProcessId);
        return process.WorkingSet64;
    }

    /// <summary>A contender that follows links in a closed loop.</summary>
    public Task<Contender> FollowedAsync(string name, int connections, RequestWriter requests, CancellationToken cancellationToken) =>
        ClosedAsync(name, connections, HttpStatusCode.Found, requests, cancellationToken);

    /// <summary>A contender that makes links in a closed loop.</summary>
    public Task<Contender> CreatedAsync(string name, int connections, RequestWriter requests, CancellationToken cancellationToken) =>
        ClosedAsync(name, connections, HttpStatusCode.Created, requests, cancellationToken);

    /// <summary>A contender that sends requests in a closed loop.</summary>
    public async Task<Contender> ClosedAsync(
        string name, int connections, HttpStatusCode status, RequestWriter requests, CancellationToken cancellationToken)
    {
        var load = new HttpLoad(Address, connections, status, requests);
        await load.RunClosedAsync(Smoke ? Duration : WarmUp, cancellationToken);
        LoadResult? last = null;
        return new Contender(
            name,
            async token => (last = await load.RunClosedAsync(Duration, token)).Operations,
            Dispose,
            ProcessId)
        {
            OnlyServerCounts = true,
            FiguresAsync = _ => new([.. last!.Percentiles(), new Figure("resident memory", ResidentBytes(), FigureUnit.Bytes)]),
        };
    }
}
