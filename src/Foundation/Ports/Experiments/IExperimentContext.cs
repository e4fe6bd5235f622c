namespace Groundwork.Ports.Experiments;

/// <summary>What every experiment is given: a folder, services, and processes of its own.</summary>
public interface IExperimentContext
{
    /// <summary>An empty folder of its own.</summary>
    string Folder { get; }

    /// <summary>The services of the modules, registered for <see cref="Folder"/> as the data folder; nothing is started.</summary>
    IServiceProvider Services { get; }

    /// <summary>
    /// Runs this experiment's <c>WorkAsync</c> in a process of its own, on the same folder. It ends when it is disposed, and with
    /// this process, however that ends. Its randomness is seeded from this one's seed and the number of workers before it.
    /// </summary>
    /// <param name="argument">Reaches the worker. One line.</param>
    IExperimentWorker StartWorker(string argument);

    /// <summary>
    /// Starts the whole program, as a user would, with a data folder and a spare port of its own, and waits until it is ready. It
    /// has the settings of this process, and ends when it is disposed, and with this process.
    /// </summary>
    /// <param name="folder">Its data folder.</param>
    /// <param name="settings">Further settings: <c>--Section:Name=value</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">It ended instead; the message is the end of what it said.</exception>
    Task<IExperimentProgram> StartProgramAsync(string folder, IReadOnlyList<string> settings, CancellationToken cancellationToken);
}

/// <summary>A child process that does a part of an experiment. Disposing it kills it, if it still runs, and waits until it is gone.</summary>
public interface IExperimentWorker : IAsyncDisposable
{
    /// <summary>The operating system's number for it.</summary>
    int ProcessId { get; }

    /// <summary>
    /// What it has written, line by line, up to its end. A line that its end cut off is left out: it may be the beginning
    /// of another one.
    /// </summary>
    /// <exception cref="InvalidOperationException">It ended by itself with an error, which the message repeats.</exception>
    IAsyncEnumerable<string> ReadLinesAsync(CancellationToken cancellationToken);

    /// <summary>Ends it as a power cut would end it: SIGKILL, no goodbye.</summary>
    void Kill();
}

/// <summary>The whole program in a process of its own, seen from outside. Disposing it kills it, if it still runs, and waits until it is gone.</summary>
public interface IExperimentProgram : IAsyncDisposable
{
    /// <summary>Where it serves HTTP.</summary>
    Uri Address { get; }

    /// <summary>The operating system's number for it.</summary>
    int ProcessId { get; }

    /// <summary>Ends it as a power cut would end it: SIGKILL, no goodbye; returns when it is gone.</summary>
    Task KillAsync();
}
