using Groundwork.Primitives;

namespace Groundwork.Postgres;

/// <summary>How to behave after a conflict with another transaction.</summary>
internal static class Conflicts
{
    private static readonly Backoff Waits = new(TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(100));

    /// <summary>Waits a random time, so that two that met do not meet again.</summary>
    /// <param name="conflicts">How many there were in a row, this one included.</param>
    /// <param name="time">The clock.</param>
    public static Task StandBackAsync(int conflicts, TimeProvider time) =>
        Task.Delay(Waits.Delay(conflicts, Random.Shared.NextDouble()), time);
}
