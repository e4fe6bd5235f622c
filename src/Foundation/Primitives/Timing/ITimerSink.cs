namespace Groundwork.Primitives.Timing;

/// <summary>Who is told of entries that are due.</summary>
public interface ITimerSink
{
    /// <summary>An entry is due, and no longer in the wheel. It may be added again, and others added and removed.</summary>
    void Due(uint handle);
}
