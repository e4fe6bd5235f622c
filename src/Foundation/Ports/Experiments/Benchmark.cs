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
}

/// <summary>What a benchmark is given.</summary>
public interface IBenchmarkContext
{
    /// <summary>An empty folder of its own.</summary>
    string Folder { get; }

    /// <summary>Whether this is only a check that it runs: take the least of everything.</summary>
    bool Smoke { get; }

    /// <summary>The services of the modules, registered for <see cref="Folder"/> as the data folder; nothing is started.</summary>
    IServiceProvider Services { get; }
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
