using System.Text;

namespace Groundwork.Primitives.Hashing;

/// <summary>A node that owns a share of all keys: its weight by the sum of all weights.</summary>
/// <param name="Name">Its name, by which alone its place is found; not empty, and no other node's.</param>
/// <param name="Weight">How much it takes beside the others; above 0, at most 1,000.</param>
public sealed record WeightedNode(string Name, double Weight = 1)
{
    /// <summary>The largest weight.</summary>
    public const double MaxWeight = 1_000;

    /// <summary>How many nodes a ring, or a choice, has at most.</summary>
    public const int MaxNodes = 10_000;

    /// <summary>How many owners of one key can be asked for at once.</summary>
    public const int MaxOwners = 64;

    /// <summary>Its name.</summary>
    public string Name { get; } = !string.IsNullOrEmpty(Name)
        ? Name
        : throw new ArgumentException("A node has a name.", nameof(Name));

    /// <summary>Its weight.</summary>
    public double Weight { get; } = Weight is > 0 and <= MaxWeight
        ? Weight
        : throw new ArgumentOutOfRangeException(nameof(Weight), Weight, $"A weight is above 0 and at most {MaxWeight}.");

    /// <summary>Nodes in the order of their names, whatever order they were given in.</summary>
    /// <exception cref="ArgumentException">Two have the same name, or there are none, or more than <see cref="MaxNodes"/>.</exception>
    internal static WeightedNode[] Sorted(IEnumerable<WeightedNode> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        var sorted = nodes.ToArray();
        Array.Sort(sorted, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        if (sorted.Length is 0 or > MaxNodes)
            throw new ArgumentException($"There is at least one node, and there are at most {MaxNodes}.", nameof(nodes));
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].Name == sorted[i - 1].Name)
                throw new ArgumentException($"Two nodes have the name {sorted[i].Name}.", nameof(nodes));
        }

        return sorted;
    }

    /// <summary>The same nodes with another, in the place of one with its name.</summary>
    internal static IEnumerable<WeightedNode> With(IReadOnlyList<WeightedNode> nodes, WeightedNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return nodes.Where(n => n.Name != node.Name).Append(node);
    }

    /// <summary>The same nodes without the one of a name.</summary>
    /// <exception cref="ArgumentException">None has it.</exception>
    internal static IEnumerable<WeightedNode> Without(IReadOnlyList<WeightedNode> nodes, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return nodes.Any(n => n.Name == name)
            ? nodes.Where(n => n.Name != name)
            : throw new ArgumentException($"No node has the name {name}.", nameof(name));
    }

    /// <summary>A number that a name stands for everywhere and always.</summary>
    internal ulong Seed() => SipHash.Hash(0, 0, Encoding.UTF8.GetBytes(Name));
}
