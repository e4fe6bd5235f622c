using Groundwork.Cache.Memory;
using Groundwork.Cache.Packed;

namespace Groundwork.Cache.Tests.Packed;

public sealed class PackedSortedSetTests
{
    private static readonly double[] Special = [double.NegativeInfinity, double.MinValue, -1, -double.Epsilon, -0.0, 0.0, double.Epsilon, 1, 1.5, double.MaxValue, double.PositiveInfinity];

    [Theory]
    [InlineData(1, 200, "any")]
    [InlineData(2, 20_000, "any")]
    [InlineData(3, 20_000, "few")]
    [InlineData(4, 20_000, "one")]
    public void A_packed_sorted_set_does_what_a_sorted_set_does(int seed, int size, string scores)
    {
        var random = new Random(seed);
        var chunks = ShardMemory.Create();
        var root = new TreeRoot();
        var set = new PackedSortedSet(chunks, ref root);
        var model = new SortedSet<(double Score, byte[] Member)>(new ByScoreThenBytes());
        var scoreOf = new Dictionary<string, double>();
        var members = Enumerable.Range(0, size).Select(i => Member(random, i)).DistinctBy(Convert.ToHexString).ToArray();
        for (var step = 0; step < 120_000; step++)
        {
            var growing = step % 60_000 < 30_000;
            var member = members[random.Next(members.Length)];
            var name = Convert.ToHexString(member);
            if (!scoreOf.TryGetValue(name, out var score))
            {
                if (growing || random.Next(4) == 0)
                {
                    score = Score(random, scores);
                    set.Add(score, member);
                    model.Add((score, member));
                    scoreOf[name] = score;
                }
            }
            else if (random.Next(3) == 0)
            {
                var moved = random.Next(2) == 0 ? Math.BitIncrement(score) : Score(random, scores);
                Assert.True(set.Move(score, moved, member));
                model.Remove((score, member));
                model.Add((moved, member));
                scoreOf[name] = moved;
            }
            else if (!growing || random.Next(4) == 0)
            {
                Assert.True(set.Remove(score, member));
                Assert.False(set.Remove(score, member));
                model.Remove((score, member));
                scoreOf.Remove(name);
            }

            Assert.Equal((uint)model.Count, set.Count);
            Assert.Equal(chunks.Bytes, set.Bytes);
            if (step % 6_000 == 5_999)
                AssertSame([.. model], set, chunks, random, scores);
        }

        while (model.Count > 0)
        {
            var sorted = model.ToArray();
            var rank = random.Next(sorted.Length);
            var count = random.Next(1, sorted.Length - rank + 1);
            set.RemoveRange((uint)rank, (uint)count);
            foreach (var entry in sorted.AsSpan(rank, count))
                model.Remove(entry);
            AssertSame([.. model], set, chunks, random, scores);
        }

        Assert.Equal(0, chunks.Bytes);
        Assert.Equal(default, root);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_million_members_inserted_in_order_fill_their_leaves(bool ascending)
    {
        const int Members = 1_000_000;
        var chunks = ShardMemory.Create();
        var root = new TreeRoot();
        var set = new PackedSortedSet(chunks, ref root);
        for (var i = 0; i < Members; i++)
        {
            var n = ascending ? i : Members - 1 - i;
            set.Add(n, Texts.Of("member:", n, 16));
        }

        set.Tree.Verify();
        Assert.InRange(chunks.Bytes / (double)Members, 26, 29); // score, item of 17 bytes, length; and what holds them
        for (var i = 0; i < Members; i += 997)
            Assert.Equal(i, set.RankOf(i, Texts.Of("member:", i, 16)));
    }

    [Fact]
    public void Members_of_one_score_and_one_long_prefix_are_told_apart()
    {
        var random = new Random(8);
        var chunks = ShardMemory.Create();
        var root = new TreeRoot();
        var set = new PackedSortedSet(chunks, ref root);
        var order = Enumerable.Range(0, 50_000).ToArray();
        random.Shuffle(order);
        foreach (var n in order)
            set.Add(0, Texts.Of("a prefix of more than 16 bytes:", n, 40));
        set.Tree.Verify();
        for (var n = 0; n < order.Length; n++)
            Assert.Equal(n, set.RankOf(0, Texts.Of("a prefix of more than 16 bytes:", n, 40)));
        Assert.InRange(chunks.Bytes / (double)order.Length, 50, 60);
    }

    [Fact]
    public void Leaves_stay_half_full_whatever_is_removed()
    {
        var random = new Random(9);
        var chunks = ShardMemory.Create();
        var root = new TreeRoot();
        var set = new PackedSortedSet(chunks, ref root);
        for (var i = 0; i < 50_000; i++)
            set.Add(random.NextDouble(), Texts.Of("member:", i, 16));
        while (set.Count > 1_000)
        {
            set.RemoveRange((uint)random.Next((int)set.Count), 1);
            if (set.Count % 7_000 == 0)
                Assert.InRange(set.Count * 26.0 / set.Tree.Leaves, ByScore.MaxLeafBytes / 2, ByScore.MaxLeafBytes);
        }

        set.Tree.Verify();
    }

    [Fact]
    public void A_leaf_holds_two_of_the_longest_entries()
    {
        var longest = PackedItems.EntryBytes(new ItemText(new byte[ItemText.MaxInline]), ByScore.PayloadBytes);
        Assert.InRange(2 * longest, 0, Math.Min(ByScore.MaxLeafBytes, ByPosition.MaxLeafBytes) - TreeLeaf.HeaderBytes);
    }

    [Fact]
    public void Digests_order_as_scores_do()
    {
        for (var i = 1; i < Special.Length; i++)
            Assert.Equal(Special[i - 1].CompareTo(Special[i]) * (Special[i - 1] == Special[i] ? 0 : 1), ByScore.Ordered(Special[i - 1]).CompareTo(ByScore.Ordered(Special[i])));
    }

    private static byte[] Member(Random random, int number) => random.Next(4) switch
    {
        0 => Texts.Of(number.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        1 => Texts.Of("member with a prefix:", number, 32),
        2 => Texts.Of("m", number, 12),
        _ => Texts.Draw(random),
    };

    private static double Score(Random random, string scores) => scores switch
    {
        "one" => random.Next(2) == 0 ? 0.0 : -0.0,
        "few" => Special[random.Next(Special.Length)],
        _ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)) is var any && double.IsNaN(any) ? 0 : any,
    };

    private static void AssertSame((double Score, byte[] Member)[] model, PackedSortedSet set, Chunks chunks, Random random, string scores)
    {
        set.Tree.Verify();
        Assert.Equal((uint)model.Length, set.Count);
        var cursor = set.From(0);
        foreach (var (score, member) in model)
        {
            Assert.Equal(score, cursor.Current.Score);
            Assert.Equal(member, cursor.Current.Item.ToArray(chunks));
            cursor.MoveNext();
        }

        Assert.False(cursor.IsAtEntry);
        var order = new ByScoreThenBytes();
        for (var probe = 0; probe < 50 && model.Length > 0; probe++)
        {
            var rank = random.Next(model.Length);
            var (score, member) = model[rank];
            Assert.Equal(rank, set.RankOf(score, member));
            Assert.Equal(member, set[(uint)rank].Item.ToArray(chunks));
            Assert.Equal((uint)rank, set.RankOf(ScoreProbe.At(score, member)));
            Assert.Equal((uint)rank + 1, set.RankOf(ScoreProbe.After(score, member)));
            var (other, text) = (Score(random, scores), Texts.Draw(random));
            Assert.Equal(model.Count(e => order.Compare(e, (other, text)) < 0), (int)set.RankOf(ScoreProbe.At(other, text)));
            Assert.Equal(model.Count(e => e.Score < other), (int)set.RankOf(ScoreProbe.Before(other)));
            Assert.Equal(model.Count(e => e.Score <= other), (int)set.RankOf(ScoreProbe.After(other)));
            var from = set.From(ScoreProbe.Before(score));
            Assert.Equal(score, from.Current.Score);
            Assert.Equal(model.Any(e => e.Score < score), from.MovePrevious());
        }
    }

    private sealed class ByScoreThenBytes : IComparer<(double Score, byte[] Member)>
    {
        public int Compare((double Score, byte[] Member) x, (double Score, byte[] Member) y) =>
            x.Score < y.Score ? -1 : x.Score > y.Score ? 1 : x.Member.AsSpan().SequenceCompareTo(y.Member);
    }
}
