using Groundwork.Cache.Resp;
using static Groundwork.Cache.Tests.Resp.ParsedPieces;

namespace Groundwork.Cache.Tests.Resp;

public sealed class RequestParserTests
{
    private const string Mixed =
        "*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$5\r\nva\r\nl\r\n*0\r\n\r\nGET key\r\n*-1\r\n*1\r\n$4\r\nPING\r\n"
        + "SET \"a b\" 'c\\'d' \"\\x41\\n\"\n*2\r\n$3\r\nGET\r\n$0\r\n\r\n  PING  \r\n*1\r\n$12\r\nabcdefghijkl\r\n";

    private static readonly string[] MixedCommands =
        ["SET|key|va\r\nl", "GET|key", "PING", "SET|a b|c'd|A\n", "GET|", "PING", "abcdefghijkl"];

    [Fact]
    public void Requests_are_found_wherever_the_pieces_end()
    {
        var all = Bytes(Mixed);

        Assert.Equal(MixedCommands, Of([all]));
        Assert.Equal(MixedCommands, Of(OneByOne(all)));
        for (var split = 1; split < all.Length; split++)
            Assert.Equal(MixedCommands, Of([all[..split], all[split..]]));
    }

    [Fact]
    public void Random_commands_are_found_in_random_pieces()
    {
        var random = new Random(5);
        for (var round = 0; round < 300; round++)
        {
            var (bytes, expected) = RandomRequests(random);
            var pieces = new List<byte[]>();
            for (var at = 0; at < bytes.Length;)
            {
                var length = Math.Min(bytes.Length - at, 1 + random.Next(random.Next(4) == 0 ? 5000 : 40));
                pieces.Add(bytes[at..(at + length)]);
                at += length;
            }

            Assert.Equal(expected, Of(pieces));
        }
    }

    [Theory]
    [InlineData("*abc\r\n", "invalid multibulk length")]
    [InlineData("*\r\n", "invalid multibulk length")]
    [InlineData("*01\r\n", "invalid multibulk length")]
    [InlineData("*+1\r\n", "invalid multibulk length")]
    [InlineData("* 1\r\n", "invalid multibulk length")]
    [InlineData("*1048577\r\n", "invalid multibulk length")]
    [InlineData("*3000000000\r\n", "invalid multibulk length")]
    [InlineData("*99999999999999999999999999\r\n", "invalid multibulk length")]
    [InlineData("*3\r\n$3\r\nSET\r\n$1\r\nx\r\nfooz\r\n", "expected '$', got 'f'")]
    [InlineData("*1\r\n*1\r\n", "expected '$', got '*'")]
    [InlineData("*1\r\n:12\r\n", "expected '$', got ':'")]
    [InlineData("*1\r\n\r\n", "expected '$', got '\r'")]
    [InlineData("*1\r\n$-10\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$blabla\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$2000000000\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$536870913\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$00004\r\n", "invalid bulk length")]
    [InlineData("SET \"key\" \"val\r\n", "unbalanced quotes in request")]
    [InlineData("SET 'key\r\n", "unbalanced quotes in request")]
    [InlineData("SET \"\"\"key\"\"\" value\r\n", "unbalanced quotes in request")]
    [InlineData("SET \"a\"b\r\n", "unbalanced quotes in request")]
    [InlineData("SET \"a\\", null)]
    public void What_is_not_the_protocol_is_refused_in_Rediss_words(string text, string? error)
    {
        string[] expected = error is null ? [] : ["! Protocol error: " + error];

        Assert.Equal(expected, Of(text));
        Assert.Equal(expected, Of(OneByOne(Bytes(text))));
    }

    [Theory]
    [InlineData("*", "too big mbulk count string")]
    [InlineData("*1\r\n$", "too big bulk count string")]
    [InlineData("*1\r\nx", "too big bulk count string")]
    [InlineData("GET ", "too big inline request")]
    [InlineData("\0", "too big inline request")]
    public void A_line_that_does_not_end_is_refused_after_64_KB(string start, string error)
    {
        var bytes = Bytes(start + new string('1', RequestLimits.LineBytes));
        var parser = new RequestParser();

        Assert.Empty(Of([Bytes(start), .. bytes[start.Length..^start.Length].Chunk(1000)], parser));
        Assert.Equal(["! Protocol error: " + error], Of([bytes]));
        Assert.Equal(["! Protocol error: " + error], Of(bytes.Chunk(977)));
        Assert.Equal(["! Protocol error: " + error], Of([[.. bytes, (byte)'\r', (byte)'\n']]));
    }

    [Fact]
    public void The_longest_inline_request_is_taken()
    {
        var word = new string('k', RequestLimits.LineBytes - 4);

        Assert.Equal(["GET|" + word], Of("GET " + word + "\n"));
    }

    [Fact]
    public void A_client_that_is_not_authenticated_may_send_little()
    {
        Assert.Equal(["! Protocol error: unauthenticated multibulk length"], Of([Bytes("*11\r\n")], Unauthenticated()));
        Assert.Equal(["! Protocol error: unauthenticated bulk length"], Of([Bytes("*2\r\n$4\r\nAUTH\r\n$16385\r\n")], Unauthenticated()));
        Assert.Equal(
            ["AUTH|" + new string('p', 16384)],
            Of([Bytes("*2\r\n$4\r\nAUTH\r\n$16384\r\n" + new string('p', 16384) + "\r\n")], Unauthenticated()));

        static RequestParser Unauthenticated() => new() { IsAuthenticated = false };
    }

    [Fact]
    public void An_argument_may_be_as_long_as_is_set_and_no_longer()
    {
        Assert.Equal(["12345"], Of([Bytes("*1\r\n$5\r\n12345\r\n")], new RequestParser { MaxBulkBytes = 5 }));
        Assert.Equal(["! Protocol error: invalid bulk length"], Of([Bytes("*1\r\n$6\r\n123456\r\n")], new RequestParser { MaxBulkBytes = 5 }));
    }

    [Theory]
    [InlineData("POST /set HTTP/1.1\r\n")]
    [InlineData("post x\r\n")]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("Host: localhost\r\n")]
    [InlineData("PING\r\nhost:\r\n")]
    public void Http_is_told_apart(string text)
    {
        Assert.Equal("http", Of(text)[^1]);
        Assert.Equal("http", Of(OneByOne(Bytes(text)))[^1]);
    }

    [Theory]
    [InlineData("GET POST\r\n", "GET|POST")]
    [InlineData("GET a b\r\n", "GET|a|b")]
    [InlineData("*3\r\n$3\r\nGET\r\n$1\r\n/\r\n$8\r\nHTTP/1.1\r\n", "GET|/|HTTP/1.1")]
    public void What_only_looks_like_http_is_a_command(string text, string command) => Assert.Equal([command], Of(text));

    [Theory]
    [InlineData("a\tb\vc d", "a|b\vc|d")]
    [InlineData("\"\"", "")]
    [InlineData("'' x", "|x")]
    [InlineData("\"\\n\\r\\t\\b\\a\\q\\\\\\\"\"", "\n\r\t\b\aq\\\"")]
    [InlineData("\"\\x00\\xff\\xZZ\\x4\"", "\0\u00ffxZZx4")]
    [InlineData("'\\n\\''", "\\n'")]
    [InlineData("a\"b c\"", "ab c")]
    [InlineData("a\0b", "a|b")]
    public void Words_of_a_line_are_split_and_unquoted(string line, string words) => Assert.Equal([words], Of(line + "\r\n"));

    [Fact]
    public void How_much_a_large_argument_wants_is_known_from_its_length()
    {
        var parser = new RequestParser();

        Of([Bytes("*2\r\n$3\r\nSET\r\n$1000000\r\nabc")], parser);

        Assert.Equal("*2\r\n$3\r\nSET\r\n$1000000\r\n".Length + 1000002, parser.Wanted);
    }

    [Fact]
    public void A_command_may_have_very_many_arguments()
    {
        var text = "*100000\r\n" + string.Concat(Enumerable.Repeat("$1\r\nx\r\n", 100_000)) + "*1\r\n$1\r\ny\r\n";

        var found = Of(Bytes(text).Chunk(4000));

        Assert.Equal([string.Join('|', Enumerable.Repeat('x', 100_000)), "y"], found);
    }

    [Fact]
    public void Random_bytes_never_lead_it_astray()
    {
        var random = new Random(77);
        var letters = Bytes("*$\r\n\r\n0123459-\"'\\x abPOST\0");
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = new byte[random.Next(60)];
            for (var i = 0; i < bytes.Length; i++)
                bytes[i] = random.Next(8) == 0 ? (byte)random.Next(256) : letters[random.Next(letters.Length)];

            var whole = Of([bytes]);
            var split = random.Next(bytes.Length + 1);

            Assert.Equal(whole, Of([bytes[..split], bytes[split..]]));
            Assert.Equal(whole, Of(OneByOne(bytes)));
        }
    }

    private static (byte[] Bytes, List<string> Expected) RandomRequests(Random random)
    {
        var bytes = new List<byte>();
        var expected = new List<string>();
        for (var command = random.Next(1, 6); command > 0; command--)
        {
            var arguments = Enumerable.Range(0, random.Next(1, 5)).Select(_ => RandomArgument(random)).ToList();
            bytes.AddRange(Bytes($"*{arguments.Count}\r\n"));
            foreach (var argument in arguments)
                bytes.AddRange([.. Bytes($"${argument.Length}\r\n"), .. argument, 13, 10]);
            expected.Add(string.Join('|', arguments.Select(System.Text.Encoding.Latin1.GetString)));
        }

        return ([.. bytes], expected);
    }

    private static byte[] RandomArgument(Random random)
    {
        var argument = new byte[random.Next(8) == 0 ? random.Next(12_000) : random.Next(20)];
        random.NextBytes(argument);
        return argument;
    }
}
