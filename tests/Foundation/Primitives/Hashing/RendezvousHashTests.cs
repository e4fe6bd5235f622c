using CsCheck;
using Groundwork.Primitives.Hashing;

namespace Groundwork.Primitives.Tests.Hashing;

public sealed class RendezvousHashTests
{
    private static readonly Gen<WeightedNode[]> GenNodes =
        Gen.Select(Gen.Int[1, 1_000_000], Gen.OneOf(Gen.Const(1.0), Gen.Double[0.1, 10]), (name, weight) => new WeightedNode($"node-{name}", weight))
            .Array[2, 12].Select(nodes => nodes.DistinctBy(n => n.Name).ToArray()).Where(nodes => nodes.Length > 1);

    [Fact]
    public void Only_keys_of_the_node_that_comes_or_goes_change_hands()
        => Gen.Select(GenNodes, Gen.OneOf(Gen.Const(1.0), Gen.Double[0.1, 10]), Gen.ULong.Array[1_000]).Sample((nodes, weight, hashes) =>
        {
            var without = new RendezvousHash(nodes);
            var with = without.With(new WeightedNode("coming", weight));
            var again = with.Without("coming");
            foreach (var hash in hashes)
            {
                Assert.Equal(without.OwnerOf(hash), again.OwnerOf(hash));
                Assert.True(with.OwnerOf(hash) == "coming" || with.OwnerOf(hash) == without.OwnerOf(hash));
            }
        }, iter: 50);

    [Fact]
    public void A_node_that_gains_weight_keeps_what_it_has()
        => Gen.Select(GenNodes, Gen.ULong.Array[1_000]).Sample((nodes, hashes) =>
        {
            var name = nodes[0].Name;
            var before = new RendezvousHash(nodes);
            var after = before.With(new WeightedNode(name, nodes[0].Weight + 1));
            Assert.All(hashes, hash => Assert.True(before.OwnerOf(hash) == after.OwnerOf(hash) || after.OwnerOf(hash) == name));
        }, iter: 50);

    [Fact]
    public void The_next_owner_is_who_owns_the_key_when_those_before_have_gone()
        => Gen.Select(GenNodes, Gen.ULong).Sample((nodes, hash) =>
        {
            var choice = new RendezvousHash(nodes);
            var owners = new string[nodes.Length + 1];
            Assert.Equal(nodes.Length, choice.OwnersOf(hash, owners));
            for (var few = 0; few <= nodes.Length; few++)
            {
                var first = new string[few];
                Assert.Equal(few, choice.OwnersOf(hash, first));
                Assert.Equal(owners[..few], first);
            }

            foreach (var owner in owners[..(nodes.Length - 1)])
            {
                Assert.Equal(owner, choice.OwnerOf(hash));
                choice = choice.Without(owner);
            }

            Assert.Equal(owners[nodes.Length - 1], choice.OwnerOf(hash));
        });

    [Theory]
    [InlineData(1.0, 1.0, 1.0, 1.0, 1.0)]
    [InlineData(1.0, 2.0, 3.0, 4.0, 5.0)]
    [InlineData(0.1, 10.0, 0.5, 7.0, 1.0)]
    public void Shares_follow_the_weights(params double[] weights)
    {
        const int Keys = 100_000;
        var choice = new RendezvousHash(weights.Select((w, i) => new WeightedNode($"{i}", w)));
        var random = new Random(1);
        var counts = Enumerable.Range(0, Keys)
            .CountBy(_ => choice.OwnerOf((ulong)random.NextInt64(long.MinValue, long.MaxValue)))
            .ToDictionary();
        foreach (var node in choice.Nodes)
        {
            // Four standard deviations of a binomial.
            var share = node.Weight / weights.Sum();
            var slack = 4 * Math.Sqrt(Keys * share * (1 - share));
            Assert.InRange(counts[node.Name], (Keys * share) - slack, (Keys * share) + slack);
        }
    }

    [Fact]
    public void A_node_that_leaves_is_shared_out_among_the_others_by_their_weights()
    {
        const int Keys = 200_000;
        var before = new RendezvousHash([new("a"), new("b", 3), new("gone", 4)]);
        var after = before.Without("gone");
        var random = new Random(1);
        var moved = Enumerable.Range(0, Keys).Select(_ => (ulong)random.NextInt64(long.MinValue, long.MaxValue))
            .Where(hash => before.OwnerOf(hash) == "gone").ToArray();
        Assert.InRange(moved.Length, 0.49 * Keys, 0.51 * Keys);
        Assert.InRange(moved.Count(hash => after.OwnerOf(hash) == "a") / (double)moved.Length, 0.24, 0.26);
    }

    [Fact]
    public void The_order_in_which_nodes_are_given_does_not_matter()
        => Gen.Select(GenNodes, Gen.Int, Gen.ULong).Sample((nodes, seed, hash) =>
        {
            var shuffled = nodes.ToArray();
            new Random(seed).Shuffle(shuffled);
            return new RendezvousHash(nodes).OwnerOf(hash) == new RendezvousHash(shuffled).OwnerOf(hash);
        });

    [Fact]
    public void The_mapping_never_changes_because_processes_agree_by_it_alone()
    {
        // Computed by another implementation of the same definition, in another language.
        var even = new RendezvousHash([new("a"), new("b"), new("ünï")]);
        var weighted = new RendezvousHash([new("a"), new("b", 2), new("ünï")]);
        Assert.Equal("üüabaüaabüüabübü", string.Concat(Enumerable.Range(0, 16).Select(i => even.OwnerOf((ulong)i)[0])));
        Assert.Equal("üüabaüabbüüabbbb", string.Concat(Enumerable.Range(0, 16).Select(i => weighted.OwnerOf((ulong)i)[0])));
    }

    [Fact]
    public void What_is_no_choice_is_refused()
    {
        var choice = new RendezvousHash([new("a")]);
        Assert.Throws<ArgumentException>(() => new RendezvousHash([]));
        Assert.Throws<ArgumentException>(() => new RendezvousHash([new("a"), new("a")]));
        Assert.Throws<ArgumentException>(() => choice.Without("a"));
        Assert.Throws<ArgumentException>(() => choice.Without("b"));
        Assert.Throws<ArgumentOutOfRangeException>(() => choice.OwnersOf(1, new string[WeightedNode.MaxOwners + 1]));
    }
}
