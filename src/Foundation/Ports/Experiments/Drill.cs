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
    /// Changes the services of a whole program that the drill starts (<see cref="IExperimentContext.StartProgramAsync"/>), after its
    /// modules have registered theirs: puts in what the drill sees by, and takes the protection away where it is sabotaged. Nobody
    /// else gets there: no setting of an operator does.
    /// </summary>
    public virtual void Rig(IServiceCollection services, bool sabotage)
    {
    }

    /// <summary>
    /// The part that runs in a child process, to be killed: started by <see cref="IExperimentContext.StartWorker"/>, it writes
    /// what it acknowledged to <paramref name="output"/>, line by line, and flushes when others should see it.
    /// </summary>
    public virtual Task WorkAsync(IDrillContext context, TextWriter output, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{Name} has no worker.");
}

/// <summary>What a drill is given.</summary>
public interface IDrillContext : IExperimentContext
{
    /// <summary>How many times to inject the failure.</summary>
    int Rounds { get; }

    /// <summary>Whether to take the protection away.</summary>
    bool Sabotage { get; }

    /// <summary>Seeded; the seed is printed and can be set, so that a failure can be repeated.</summary>
    Random Random { get; }

    /// <summary>The same services built anew, as a restart of the program would; disposing them closes what they opened.</summary>
    AsyncServiceScope BuildServices();

    /// <summary>Says how far it is.</summary>
    void Progress(int done, int total, string what);

    /// <summary>In a worker: what the drill passed to it.</summary>
    string Argument { get; }
}

/// <summary>What a drill saw.</summary>
/// <param name="Held">Whether the claim held.</param>
/// <param name="Done">What was done, with its numbers.</param>
/// <param name="Seen">What was seen, with its numbers; what was lost or torn, when it failed.</param>
public sealed record DrillResult(bool Held, string Done, string Seen)
{
    /// <summary>Why the drill cannot be carried out on this machine, and what to do about it; null where it was. Then nothing is
    /// shown, and nothing counts as failed.</summary>
    public string? Missing { get; init; }

    /// <summary>There is something missing here, so that nothing was done.</summary>
    public static DrillResult NotHere(string reason) => new(false, "", "") { Missing = reason };
}
