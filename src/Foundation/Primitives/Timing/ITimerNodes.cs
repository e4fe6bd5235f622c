namespace Groundwork.Primitives.Timing;

/// <summary>
/// The caller's memory in which a <see cref="TimingWheel{TNodes}"/> keeps its links: 8 bytes beside each deadline. A struct that
/// implements it is compiled into the wheel; its members should be a line each.
/// </summary>
/// <remarks>
/// A handle is the caller's name for an entry, 1 to <see cref="TimingWheel{TNodes}.MaxHandle"/>. Both links of an entry are 0 before
/// it is first added; after that only the wheel writes them.
/// </remarks>
public interface ITimerNodes
{
    /// <summary>When the entry is due, in milliseconds; the same for as long as it is in the wheel.</summary>
    long Deadline(uint handle);

    /// <summary>What <see cref="SetNext"/> was last given.</summary>
    uint Next(uint handle);

    /// <summary>Keeps a link.</summary>
    void SetNext(uint handle, uint next);

    /// <summary>What <see cref="SetPrevious"/> was last given; 0 exactly while the entry is not in the wheel.</summary>
    uint Previous(uint handle);

    /// <summary>Keeps a link.</summary>
    void SetPrevious(uint handle, uint previous);
}
