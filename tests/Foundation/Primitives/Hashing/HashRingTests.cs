using CsCheck;
using Groundwork.Primitives.Hashing;

namespace Groundwork.Primitives.Tests.Hashing;

public sealed class HashRingTests
{
    private const int Rings = 1_000;

    private static readonly Gen<WeightedNode[]> GenNodes =
        Gen.Select(Gen.Int[1, 1_000_000], Gen.Int[1, 4], (name, weight) => new WeightedNode($"node-{name}", weight))
            .Array[2, 12].Select(nodes => nodes.DistinctBy(n => n.Name).ToArray()).Where(nodes => nodes.Length > 1);

    [Fact]
    public void A_key_has_one_owner_and_its_replicas_are_on_other_nodes()
    {
        var ring = new HashRing([new("a"), new("b"), new("c")]);
        var owners = new string[5];
        Assert.Equal(3, ring.OwnersOf(42, owners));
        Assert.Equal(ring.OwnerOf(42), owners[0]);
        Assert.Equal(["a", "b", "c"], owners[..3].Order());
        Assert.Null(owners[3]);
        Assert.Equal(0, ring.OwnersOf(42, []));
    }

    [Fact]
    public void The_first_replica_is_who_owns_the_key_when_its_owner_has_gone()
        => Gen.Select(GenNodes, Gen.ULong).Sample((nodes, hash) =>
        {
            var ring = new HashRing(nodes, 20);
            var owners = new string[nodes.Length];
            Assert.Equal(nodes.Length, ring.OwnersOf(hash, owners));
            Assert.Equal(nodes.Length, owners.Distinct().Count());
            foreach (var owner in owners[..^1])
            {
                Assert.Equal(owner, ring.OwnerOf(hash));
                ring = ring.Without(owner);
            }

            Assert.Equal(owners[^1], ring.OwnerOf(hash));
        }, iter: 50);

    [Fact]
    public void Only_keys_of_the_node_that_comes_or_goes_change_hands()
        => Gen.Select(GenNodes, Gen.Int[1, 4], Gen.ULong.Array[1_000]).Sample((nodes, weight, hashes) =>
        {
            var without = new HashRing(nodes);
            var with = without.With(new WeightedNode("coming", weight));
            Assert.Equal(without.AssignSlots(), with.Without("coming").AssignSlots());
            foreach (var hash in hashes)
            {
                if (with.OwnerOf(hash) is var owner && owner != "coming")
                    Assert.Equal(owner, without.OwnerOf(hash));
            }

            Assert.All(without.MovesTo(with), move => Assert.Equal("coming", move.To));
            Assert.All(with.MovesTo(without), move => Assert.Equal("coming", move.From));
        }, iter: 50);

    [Fact]
    public void A_node_that_gains_weight_keeps_what_it_has()
        => Gen.Select(GenNodes, Gen.ULong.Array[1_000]).Sample((nodes, hashes) =>
        {
            var name = nodes[0].Name;
            var before = new HashRing(nodes);
            var after = before.With(new WeightedNode(name, nodes[0].Weight + 1));
            Assert.All(before.MovesTo(after), move => Assert.Equal(name, move.To));
            Assert.All(hashes, hash => Assert.True(before.OwnerOf(hash) == after.OwnerOf(hash) || after.OwnerOf(hash) == name));
        }, iter: 50);

    [Fact]
    public void The_share_that_moves_to_a_new_node_is_its_fair_share()
    {
        for (var count = 1; count <= 16; count *= 4)
        {
            var moved = Enumerable.Range(0, Rings).Average(seed =>
            {
                var ring = Ring(seed, count);
                return ring.MovesTo(ring.With(new WeightedNode($"new-{seed}"))).Sum(m => m.Count) / (double)KeySlot.Count;
            });
            var fair = 1.0 / (count + 1);
            Assert.InRange(moved, 0.95 * fair, 1.05 * fair);
        }
    }

    [Theory]
    [InlineData(100, 0.10, 1.5)]
    [InlineData(160, 0.08, 1.4)]
    [InlineData(200, 0.07, 1.4)]
    public void Shares_differ_by_no_more_than_is_stated(int points, double deviation, double fullest)
    {
        const int Nodes = 10;
        var loads = Enumerable.Range(0, Rings).SelectMany(seed =>
        {
            var ring = Ring(seed, Nodes, points);
            return ring.Nodes.Select(n => ring.ShareOf(n.Name) * Nodes);
        }).ToArray();
        Assert.InRange(Math.Sqrt(loads.Average(l => (l - 1) * (l - 1))), 0.85 * deviation, 1.05 * deviation);
        Assert.InRange(loads.Max(), 1.1, fullest);
    }

    [Fact]
    public void Shares_follow_the_weights_and_add_up_to_all()
    {
        WeightedNode[] nodes = [new("half", 0.5), new("one"), new("two", 2), new("four", 4)];
        var sums = new double[nodes.Length];
        for (var seed = 0; seed < Rings; seed++)
        {
            var ring = new HashRing(nodes.Select(n => new WeightedNode($"{n.Name}-{seed}", n.Weight)));
            var shares = nodes.Select(n => ring.ShareOf($"{n.Name}-{seed}")).ToArray();
            Assert.Equal(1, shares.Sum(), 1e-12);
            for (var i = 0; i < shares.Length; i++)
                sums[i] += shares[i] / Rings;
        }

        for (var i = 0; i < nodes.Length; i++)
            Assert.InRange(sums[i], 0.97 * nodes[i].Weight / 7.5, 1.03 * nodes[i].Weight / 7.5);
    }

    [Fact]
    public void Shares_are_what_keys_see()
    {
        var ring = new HashRing([new("a"), new("b", 3), new("c", 2)]);
        var random = new Random(1);
        var counts = Enumerable.Range(0, 100_000).CountBy(_ => ring.OwnerOf((ulong)random.NextInt64(long.MinValue, long.MaxValue)));
        foreach (var (name, count) in counts)
            Assert.InRange(count / 100_000.0, ring.ShareOf(name) - 0.006, ring.ShareOf(name) + 0.006); // four standard deviations
        var slots = ring.AssignSlots().CountBy(name => name).ToDictionary();
        Assert.All(ring.Nodes, n => Assert.InRange(slots[n.Name] / (double)KeySlot.Count, ring.ShareOf(n.Name) - 0.005, ring.ShareOf(n.Name) + 0.005));
    }

    [Fact]
    public void A_node_that_leaves_is_shared_out_among_all_others()
    {
        var ring = Ring(1, 10);
        Assert.Equal(9, ring.MovesTo(ring.Without(ring.Nodes[0].Name)).Select(m => m.To).Distinct().Count());
    }

    [Fact]
    public void The_order_in_which_nodes_are_given_does_not_matter()
        => Gen.Select(GenNodes, Gen.Int).Sample((nodes, seed) =>
        {
            var ring = new HashRing(nodes, 20);
            var shuffled = nodes.ToArray();
            new Random(seed).Shuffle(shuffled);
            var grown = shuffled.Skip(1).Aggregate(new HashRing([shuffled[0]], 20), (r, n) => r.With(n));
            Assert.Equal(ring.Nodes, grown.Nodes);
            Assert.Equal(ring.AssignSlots(), grown.AssignSlots());
            Assert.Empty(ring.MovesTo(grown));
        }, iter: 50);

    [Fact]
    public void The_mapping_never_changes_because_processes_agree_by_it_alone()
    {
        // Computed by another implementation of the same definition, in another language.
        var ring = new HashRing([new("a"), new("b", 2), new("ünï")]);
        Assert.Equal("aübabbüübbbübbba", string.Concat(Enumerable.Range(0, 16).Select(i => ring.OwnerOf((ulong)i << 60)[0])));
    }

    [Fact]
    public void Runs_of_slots_name_every_slot_that_moves_once()
    {
        var (before, after) = (Ring(1, 5), Ring(2, 5).With(new WeightedNode("other")));
        var (from, to) = (before.AssignSlots(), after.AssignSlots());
        var slot = 0;
        foreach (var move in before.MovesTo(after))
        {
            for (; slot < move.First; slot++)
                Assert.Equal(from[slot], to[slot]);
            for (; slot <= move.Last; slot++)
                Assert.Equal((move.From, move.To), (from[slot], to[slot]));
            Assert.False(slot < from.Length && (from[slot], to[slot]) == (move.From, move.To), "A run is as long as it can be.");
        }

        Assert.Equal(from[slot..], to[slot..]);
    }

    [Fact]
    public void What_is_no_ring_is_refused()
    {
        var ring = new HashRing([new("a")]);
        Assert.Equal(1, ring.ShareOf("a"));
        Assert.Throws<ArgumentException>(() => new HashRing([]));
        Assert.Throws<ArgumentException>(() => new HashRing([new("a"), new("a", 2)]));
        Assert.Throws<ArgumentException>(() => new HashRing(Enumerable.Range(0, WeightedNode.MaxNodes + 1).Select(i => new WeightedNode($"{i}")), 1));
        Assert.Throws<ArgumentException>(() => new HashRing([new("a", 1_000)], 10_000));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HashRing([new("a")], 0));
        Assert.Throws<ArgumentException>(() => ring.Without("a"));
        Assert.Throws<ArgumentException>(() => ring.Without("b"));
        Assert.Throws<ArgumentException>(() => ring.ShareOf("b"));
        Assert.Throws<ArgumentOutOfRangeException>(() => ring.OwnersOf(1, new string[WeightedNode.MaxOwners + 1]));
        Assert.Throws<ArgumentException>(() => new WeightedNode(""));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WeightedNode("a", 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WeightedNode("a", double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WeightedNode("a", 1_001));
    }

    private static HashRing Ring(int seed, int nodes, int points = HashRing.DefaultPointsPerWeight) =>
        new(Enumerable.Range(0, nodes).Select(i => new WeightedNode($"10.0.{seed}.{i}")), points);
}
