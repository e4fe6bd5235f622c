using Groundwork.Cache.Commands;
using Groundwork.Cache.Commands.Strings;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;

namespace Groundwork.Cache.Tests.Commands;

public sealed class SubsequenceTests : IDisposable
{
    private readonly CacheEngine _engine = new(new KeyspaceOptions(16 << 20, EvictionPolicy.NoEviction, 4), TimeProvider.System, new Random(1));

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData("mset a ohmytext b mynewtext; lcs a b", "$6|mytext")]
    [InlineData("mset a ohmytext b mynewtext; lcs a b len", ":6")]
    [InlineData("mset a ohmytext b mynewtext; lcs a b idx", "*4|$7|matches|*2|*2|*2|:4|:7|*2|:5|:8|*2|*2|:2|:3|*2|:0|:1|$3|len|:6")]
    [InlineData("mset a ohmytext b mynewtext; lcs a b idx minmatchlen 4 withmatchlen", "*4|$7|matches|*1|*3|*2|:4|:7|*2|:5|:8|:4|$3|len|:6")]
    [InlineData("hello 3; mset a ohmytext b mynewtext; lcs a b idx minmatchlen 5", "%2|$7|matches|*0|$3|len|:6")]
    [InlineData("mset a 12345 b 135; lcs a b", "$3|135")]
    [InlineData("set a same; lcs a a", "$4|same")]
    [InlineData("set a text; lcs a none", "$0|")]
    [InlineData("set a text; lcs none a len", ":0")]
    [InlineData("lcs a b idx", "*4|$7|matches|*0|$3|len|:0")]
    [InlineData("lpush a x; lcs a b", "-ERR The specified keys must contain string values")]
    [InlineData("lpush b x; lcs a b nonsense", "-ERR The specified keys must contain string values")]
    [InlineData("lcs a b len idx", "-ERR If you want both the length and indexes, please just use IDX.")]
    [InlineData("lcs a b minmatchlen", "-ERR syntax error")]
    [InlineData("lcs a b minmatchlen x", "-ERR value is not an integer or out of range")]
    [InlineData("lcs a", "-ERR wrong number of arguments for 'lcs' command")]
    [InlineData("setrange a 99999 x; setrange b 9999 x; lcs a b", "-ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len")]
    public void What_two_strings_have_in_common_is_found(string lines, string answer) =>
        Assert.Equal(answer, new CacheClient(_engine).AskAll(lines));

    [Fact]
    public void A_table_that_the_bound_has_no_room_for_is_refused()
    {
        using var engine = new CacheEngine(new KeyspaceOptions(1 << 20, EvictionPolicy.NoEviction, 1), TimeProvider.System, new Random(1));
        var client = new CacheClient(engine);
        client.Ask("setrange a 9999 x");
        Assert.Equal("$1|x", client.AskAll("set b x; lcs a b"));
        Assert.Equal(":10000", client.Ask("lcs a a len"));
        Assert.Equal("-ERR Insufficient memory, failed allocating transient memory for LCS", client.Ask("lcs a a"));
    }

    [Fact]
    public void Of_several_that_are_as_long_it_is_the_one_that_redis_gives()
    {
        var random = new Random(5);
        for (var round = 0; round < 2_000; round++)
        {
            var letters = random.Next(1, 6);
            var (first, second) = (Some(random, letters), Some(random, letters));
            var expected = ByTable(first, second);

            var common = new CommonSubsequence(first, second, walks: true);
            Assert.Equal(expected.Count, common.Length);
            Assert.Equal(expected.Count, new CommonSubsequence(first, second, walks: false).Length);
            foreach (var (i, j) in expected)
            {
                Assert.True(common.TryNext(out var x, out var y));
                Assert.Equal((i, j), (x, y));
            }

            Assert.False(common.TryNext(out _, out _));
        }
    }

    // Of all lengths around the 64 columns that are done at once.
    private static byte[] Some(Random random, int letters)
    {
        var text = new byte[random.Next(random.Next(2) == 0 ? 8 : 200)];
        for (var i = 0; i < text.Length; i++)
            text[i] = (byte)('a' + random.Next(letters));
        return text;
    }

    // The table of lengths, and the way back through it: to the left unless up is better.
    private static List<(int First, int Second)> ByTable(byte[] first, byte[] second)
    {
        var lengths = new int[first.Length + 1, second.Length + 1];
        for (var i = 1; i <= first.Length; i++)
        {
            for (var j = 1; j <= second.Length; j++)
                lengths[i, j] = first[i - 1] == second[j - 1] ? lengths[i - 1, j - 1] + 1 : Math.Max(lengths[i - 1, j], lengths[i, j - 1]);
        }

        var found = new List<(int, int)>();
        for (var (i, j) = (first.Length, second.Length); i > 0 && j > 0;)
        {
            if (first[i - 1] == second[j - 1])
                found.Add((--i, --j));
            else if (lengths[i - 1, j] > lengths[i, j - 1])
                i--;
            else
                j--;
        }

        return found;
    }
}
