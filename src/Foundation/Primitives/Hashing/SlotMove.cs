namespace Groundwork.Primitives.Hashing;

/// <summary>A run of slots that goes from one node to another.</summary>
/// <param name="First">Its first slot.</param>
/// <param name="Last">Its last slot.</param>
/// <param name="From">The name of the node that has had them.</param>
/// <param name="To">The name of the node that gets them.</param>
public readonly record struct SlotMove(int First, int Last, string From, string To)
{
    /// <summary>How many slots they are.</summary>
    public int Count => Last - First + 1;
}
