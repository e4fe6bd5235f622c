using System.Runtime.InteropServices;

namespace Groundwork.Primitives.Hashing;

/// <summary>
/// Which node owns a key, such that a node that comes or goes moves its own share of the keys and no others: the node for which
/// the key draws the best lot.
/// </summary>
/// <remarks>
/// <para>Highest random weight (D. Thaler and C. Ravishankar, "Using name-based mappings to increase hit rates", IEEE/ACM ToN
/// 6(1), 1998), with weights by the logarithmic method (C. Schindelhauer and G. Schomaker, "Weighted distributed hash tables",
/// SPAA 2005): a key and a node make a number u in (0, 1), and the node with the smallest −ln(u) / weight owns, which happens
/// exactly as often as its weight by the sum of weights.</para>
/// <para>Shares are fair without any points to tune, and those of a node that leaves go to all others by their weights. Every
/// lookup looks at every node, with weights by a logarithm each: it is as fast as <see cref="HashRing"/> for a few nodes, and slower
/// for hundreds.</para>
/// <para>The same nodes make the same choices in every process, whatever order they were given in. Immutable; safe for
/// concurrent use; a lookup allocates nothing.</para>
/// </remarks>
public sealed class RendezvousHash
{
    private readonly WeightedNode[] _nodes;
    private readonly Lot[] _lots;
    private readonly bool _evenly;

    /// <param name="nodes">One to <see cref="WeightedNode.MaxNodes"/> nodes, in any order.</param>
    /// <exception cref="ArgumentException">There is no node, there are two of a name, or too many.</exception>
    public RendezvousHash(IEnumerable<WeightedNode> nodes)
    {
        _nodes = WeightedNode.Sorted(nodes);
        _lots = Array.ConvertAll(_nodes, n => new Lot(Mixing.Mix(n.Seed()), -1 / n.Weight));
        _evenly = _nodes.All(n => n.Weight == _nodes[0].Weight);
    }

    /// <summary>The nodes, in the order of their names.</summary>
    public IReadOnlyList<WeightedNode> Nodes => _nodes;

    /// <summary>The same choice with another node, in the place of one with the same name.</summary>
    public RendezvousHash With(WeightedNode node) => new(WeightedNode.With(_nodes, node));

    /// <summary>The same choice without a node.</summary>
    /// <exception cref="ArgumentException">No node has the name, or it is the last.</exception>
    public RendezvousHash Without(string name) => new(WeightedNode.Without(_nodes, name));

    /// <summary>The name of the node that owns a key.</summary>
    /// <param name="hash">The key's hash, which must be uniform over 64 bits.</param>
    public string OwnerOf(ulong hash) => _nodes[_evenly ? BestOfEven(hash) : Best(hash)].Name;

    /// <summary>The owner of a key and those who would own it if the ones before them had gone: where its replicas are.</summary>
    /// <param name="hash">The key's hash.</param>
    /// <param name="owners">Filled with distinct names, the owner first; at most <see cref="WeightedNode.MaxOwners"/>.</param>
    /// <returns>How many there are: as many as were asked for, or all nodes.</returns>
    public int OwnersOf(ulong hash, Span<string> owners)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(owners.Length, WeightedNode.MaxOwners, nameof(owners));
        var wanted = Math.Min(owners.Length, _nodes.Length);
        if (wanted == 0)
            return 0;
        Span<double> scores = stackalloc double[WeightedNode.MaxOwners];
        var found = 0;
        for (var node = 0; node < _lots.Length; node++)
        {
            var score = _lots[node].Score(hash);
            if (found == wanted && score >= scores[found - 1])
                continue;

            // Into its place among the best so far, behind those that are as good.
            var place = found < wanted ? found++ : found - 1;
            for (; place > 0 && scores[place - 1] > score; place--)
                (scores[place], owners[place]) = (scores[place - 1], owners[place - 1]);
            (scores[place], owners[place]) = (score, _nodes[node].Name);
        }

        return found;
    }

    // Without weights the largest number has the smallest logarithm, so that none needs to be taken.
    private int BestOfEven(ulong hash)
    {
        var (best, bestDraw) = (0, _lots[0].Draw(hash));
        for (var node = 1; node < _lots.Length; node++)
        {
            var draw = _lots[node].Draw(hash);
            (best, bestDraw) = draw > bestDraw ? (node, draw) : (best, bestDraw);
        }

        return best;
    }

    private int Best(ulong hash)
    {
        var (best, bestScore) = (0, _lots[0].Score(hash));
        for (var node = 1; node < _lots.Length; node++)
        {
            var score = _lots[node].Score(hash);
            (best, bestScore) = score < bestScore ? (node, score) : (best, bestScore);
        }

        return best;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly struct Lot(ulong seed, double factor)
    {
        /// <summary>52 bits, so that a half more than them is exact.</summary>
        public ulong Draw(ulong hash) => Mixing.Mix(hash ^ seed) >> 12;

        /// <summary>−ln(u) / weight.</summary>
        public double Score(ulong hash) => Math.Log((Draw(hash) + 0.5) * (1.0 / (1L << 52))) * factor;
    }
}
