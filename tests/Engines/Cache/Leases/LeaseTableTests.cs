using Groundwork.Cache.Leases;
using Groundwork.Cache.Memory;

namespace Groundwork.Cache.Tests.Leases;

public sealed class LeaseTableTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_table_gives_ends_and_cancels_leases_as_a_dictionary_would(int seed)
    {
        const int Most = 100;
        using var pool = new PagePool(0);
        var random = new Random(seed);
        var table = new LeaseTable(pool, Most);
        var model = new Dictionary<ulong, (long Token, long Until)>();
        var (now, token) = (1000L, 0L);
        for (var step = 0; step < 200_000; step++)
        {
            // Hashes that share their homes, and more of them than may be leased.
            var hash = ((ulong)random.Next(8) << 60) | ((ulong)random.Next(40) << 20);
            var known = model.TryGetValue(hash, out var lease) && lease.Until > now;
            switch (random.Next(8))
            {
                case < 4:
                    if (!known && model.Count(l => l.Value.Until > now) == Most)
                    {
                        Assert.False(table.TryGrant(hash, ++token, now + 1, now));
                        break;
                    }

                    var until = now + random.Next(1, 300);
                    Assert.Equal(!known, table.TryGrant(hash, ++token, until, now));
                    if (!known)
                        model[hash] = (token, until);
                    break;
                case 4:
                    Assert.Equal(known, table.Has(hash, lease.Token, now));
                    Assert.Equal(known, table.End(hash, lease.Token, now));
                    model.Remove(hash);
                    break;
                case 5:
                    Assert.False(table.End(hash, lease.Token + 1, now));
                    break;
                case 6:
                    table.Cancel(hash);
                    model.Remove(hash);
                    break;
                default:
                    now += random.Next(5);
                    if (random.Next(50) == 0)
                        table.Sweep(now);
                    if (random.Next(2000) != 0)
                        break;
                    table.CancelAll();
                    model.Clear();
                    break;
            }
        }

        table.Sweep(now + 1000);
        Assert.False(table.Any);
        Assert.Equal(0, pool.Held);
    }

    [Fact]
    public void Where_there_are_as_many_leases_as_may_be_nobody_gets_another_until_one_ends()
    {
        using var pool = new PagePool(0);
        var table = new LeaseTable(pool, most: 3);
        for (var key = 1ul; key <= 3; key++)
            Assert.True(table.TryGrant(key << 32, (long)key, until: 100 + (long)key, now: 0));

        Assert.False(table.TryGrant(9, 9, until: 200, now: 100));
        Assert.True(table.TryGrant(9, 10, until: 200, now: 101));
        Assert.True(table.Has(2ul << 32, 2, now: 101));
    }

    [Fact]
    public void Tokens_of_two_runs_are_not_the_same()
    {
        var (first, second) = (new LeaseTokens(new Random(1)), new LeaseTokens(new Random(2)));
        var tokens = Enumerable.Range(0, 1000).SelectMany(_ => (long[])[first.Next(), second.Next()]).ToHashSet();

        Assert.Equal(2000, tokens.Count);
        Assert.DoesNotContain(tokens, t => t <= 0);
    }
}
