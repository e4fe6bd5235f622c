namespace Groundwork.Testing;

/// <summary>What code allocates on its thread.</summary>
public static class Allocations
{
    private const int Tries = 5;

    /// <summary>The fewest bytes that a run allocated, of several. A collection meanwhile, or a method that is compiled, adds to what the runtime counts, but not to
    /// every run; what the code allocates is in all of them.</summary>
    /// <param name="run">The code; it has run before what is measured.</param>
    public static long Fewest(Action run)
    {
        ArgumentNullException.ThrowIfNull(run);
        run();
        var fewest = long.MaxValue;
        for (var i = 0; i < Tries && fewest > 0; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            run();
            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return fewest;
    }
}
