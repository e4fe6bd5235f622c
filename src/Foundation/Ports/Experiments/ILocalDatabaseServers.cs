namespace Groundwork.Ports.Experiments;

/// <summary>
/// An engine whose server is a program of its own, and that starts one on this machine for an experiment to kill, hang and fail over.
/// Found among <see cref="IExperimentContext.Services"/>.
/// </summary>
public interface ILocalDatabaseServers
{
    /// <summary>As people call it.</summary>
    string Engine { get; }

    /// <summary>Why none can be started here and what to do about it; null where one can.</summary>
    string? Missing { get; }

    /// <summary>Starts a new server, as durable as the engine's defaults.</summary>
    /// <param name="folder">An empty folder, or one that isn't there.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<ILocalDatabaseServer> StartAsync(string folder, CancellationToken cancellationToken = default);
}

/// <summary>A database server of an experiment's own. Disposing it stops it; its folder stays. Not for concurrent use.</summary>
public interface ILocalDatabaseServer : IAsyncDisposable
{
    /// <summary>The value of <c>Database:Connection</c> that leads to it.</summary>
    string Connection { get; }

    /// <summary>The value that leads to this one or the other, whichever is the primary.</summary>
    string ConnectionWith(ILocalDatabaseServer other);

    /// <summary>Ends it as a power cut would, with all its processes: SIGKILL, no goodbye.</summary>
    Task KillAsync();

    /// <summary>Starts it again at the same address, on what it had written.</summary>
    Task StartAgainAsync(CancellationToken cancellationToken = default);

    /// <summary>Stops all its processes in their tracks (SIGSTOP): it takes connections and says nothing.</summary>
    void Hang();

    /// <summary>Lets it go on after <see cref="Hang"/>.</summary>
    void GoOn();

    /// <summary>Starts a streaming standby from a copy of its data.</summary>
    /// <param name="folder">An empty folder, or one that isn't there.</param>
    /// <param name="synchronous">Whether a commit here is acknowledged only when the standby has it on its disk too, from now on.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<ILocalDatabaseServer> StartStandbyAsync(string folder, bool synchronous, CancellationToken cancellationToken = default);

    /// <summary>Cuts a standby off from its primary; returns when nothing more reaches it.</summary>
    Task CutOffAsync(CancellationToken cancellationToken = default);

    /// <summary>Makes a standby the primary; returns when it takes writes. It waits for no standby of its own.</summary>
    Task PromoteAsync(CancellationToken cancellationToken = default);
}
