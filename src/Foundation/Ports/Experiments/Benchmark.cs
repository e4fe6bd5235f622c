namespace Groundwork.Ports.Experiments;

/// <summary>
/// Something that <c>groundwork bench SYSTEM</c> measures: contenders doing the same work, in turn, in the same run.
/// </summary>
public abstract class Benchmark
{
    /// <summary><c>system.what</c>, lower case: <c>database.sqlite.inserts</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The work, in one sentence: what is done, how much of it, by how many callers, how durable.</summary>
    public abstract string Work { get; }

    /// <summary>What one operation is called: <c>inserts</c>.</summary>
    public abstract string Unit { get; }

    /// <summary>
    /// Prepares the contenders, ours first. One that cannot run here is there with the reason in <see cref="Contender.Missing"/>.
    /// </summary>
    public abstract Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken);

    /// <summary>
    /// The part that runs in a process of its own, so that its processor time can be told apart: a rival's server, say. Started
    /// by <see cref="IExperimentContext.StartWorker"/>; what it writes to <paramref name="output"/> is read there.
    /// </summary>
    /// <param name="argument">What was passed on.</param>
    /// <param name="output">Line by line; flush when others should see it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public virtual Task WorkAsync(string argument, TextWriter output, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{Name} has no worker.");
}

/// <summary>What a benchmark is given.</summary>
public interface IBenchmarkContext : IExperimentContext
{
    /// <summary>Whether this is only a check that it runs: take the least of everything.</summary>
    bool Smoke { get; }
}

/// <summary>One way of doing a benchmark's work: ours, a rival's, or the limit.</summary>
/// <param name="Name">Whose way it is.</param>
/// <param name="RoundAsync">Does the work once, from a fresh start, and returns how many operations that was. Only the time
/// of this call is measured.</param>
/// <param name="Dispose">Lets go of what preparing took.</param>
/// <param name="ServerProcess">A rival's process, whose processor time counts as well.</param>
/// <param name="Missing">Why it cannot run here; null when it can.</param>
public sealed record Contender(
    string Name,
    Func<CancellationToken, Task<long>> RoundAsync,
    Func<ValueTask>? Dispose = null,
    int? ServerProcess = null,
    string? Missing = null)
{
    /// <summary>A contender that is not there.</summary>
    public static Contender Absent(string name, string reason) =>
        new(name, _ => throw new InvalidOperationException(reason), Missing: reason);
}
