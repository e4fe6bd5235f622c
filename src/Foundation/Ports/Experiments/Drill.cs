using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Ports.Experiments;

/// <summary>
/// A claim about a failure, and the way to check it: <c>groundwork drill NAME</c> injects the failure into an instance of
/// its own and checks the claim from outside.
/// </summary>
public abstract class Drill
{
    /// <summary><c>section.failure</c>, lower case: <c>database.crash</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What the design claims to survive, and how that is seen.</summary>
    public abstract string Claim { get; }

    /// <summary>Which protection <c>--sabotage</c> takes away, so that the drill can be seen to fail.</summary>
    public abstract string Sabotage { get; }

    /// <summary>How many times the failure is injected where nobody says otherwise.</summary>
    public abstract int DefaultRounds { get; }

    /// <summary>Injects the failure and checks the claim. The temporary folder is removed afterwards when it held.</summary>
    public abstract Task<DrillResult> RunAsync(IDrillContext context, CancellationToken cancellationToken);

    /// <summary>
    /// The part that runs in a child process, to be killed: started by <see cref="IDrillContext.StartWorker"/>, it writes
    /// what it acknowledged to <paramref name="output"/>, line by line, and flushes when others should see it.
    /// </summary>
    public virtual Task WorkAsync(IDrillContext context, TextWriter output, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{Name} has no worker.");
}

/// <summary>What a drill is given.</summary>
public interface IDrillContext
{
    /// <summary>An empty folder of its own.</summary>
    string Folder { get; }

    /// <summary>How many times to inject the failure.</summary>
    int Rounds { get; }

    /// <summary>Whether to take the protection away.</summary>
    bool Sabotage { get; }

    /// <summary>Seeded; the seed is printed and can be set, so that a failure can be repeated.</summary>
    Random Random { get; }

    /// <summary>The services of the modules, registered for <see cref="Folder"/> as the data folder; nothing is started.</summary>
    IServiceProvider Services { get; }

    /// <summary>The same services built anew, as a restart of the program would; disposing them closes what they opened.</summary>
    AsyncServiceScope BuildServices();

    /// <summary>Says how far it is.</summary>
    void Progress(int done, int total, string what);

    /// <summary>
    /// Runs <see cref="Drill.WorkAsync"/> of this drill in a process of its own, on the same folder. It ends when it is
    /// disposed, and with this process, however that ends. Its <see cref="Random"/> is seeded from this one's seed and the
    /// number of workers before it.
    /// </summary>
    /// <param name="argument">Reaches the worker as <see cref="Argument"/>. One line.</param>
    IDrillWorker StartWorker(string argument);

    /// <summary>In a worker: what the drill passed to it.</summary>
    string Argument { get; }
}

/// <summary>A child process that a drill started. Disposing it kills it, if it still runs, and waits until it is gone.</summary>
public interface IDrillWorker : IAsyncDisposable
{
    /// <summary>
    /// What it has written, line by line, up to its end. A line that its end cut off is left out: it may be the beginning
    /// of another one.
    /// </summary>
    /// <exception cref="InvalidOperationException">It ended by itself with an error, which the message repeats.</exception>
    IAsyncEnumerable<string> ReadLinesAsync(CancellationToken cancellationToken);

    /// <summary>Ends it as a power cut would end it: SIGKILL, no goodbye.</summary>
    void Kill();
}

/// <summary>What a drill saw.</summary>
/// <param name="Held">Whether the claim held.</param>
/// <param name="Done">What was done, with its numbers.</param>
/// <param name="Seen">What was seen, with its numbers; what was lost or torn, when it failed.</param>
public sealed record DrillResult(bool Held, string Done, string Seen);
