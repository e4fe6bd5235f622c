using System.Globalization;
using System.Text;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Tests.Resp;

public sealed class RequestPeekTests
{
    [Theory]
    [InlineData("*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n", "key")]
    [InlineData("*3\r\n$3\r\nSET\r\n$5\r\nhello\r\n$2\r\nab\r\n", "hello")]
    [InlineData("*1\r\n$4\r\nPING\r\n", "")]
    public void The_argument_after_the_name_is_found(string request, string key) =>
        Assert.Equal((request.Length, key), Find(request + "*1\r\n$4\r\nPING\r\n"));

    [Theory]
    [InlineData("GET key\r\n")]
    [InlineData("*abc\r\n$3\r\nGET\r\n")]
    [InlineData("*2\r\n:3\r\nGET\r\n$3\r\nkey\r\n")]
    [InlineData("*2\r\n$-1\r\nGET\r\n$3\r\nkey\r\n")]
    [InlineData("*2\r\n$999999\r\nGET\r\n$3\r\nkey\r\n")]
    [InlineData("*2\r\n$99999999999999999999\r\nGET\r\n$3\r\nkey\r\n")]
    public void What_is_unusual_is_left_to_the_parser(string request) => Assert.Equal(0, Find(request).Used);

    [Fact]
    public void A_request_that_is_not_whole_is_not_seen()
    {
        const string Request = "*3\r\n$3\r\nSET\r\n$5\r\nhello\r\n$12\r\nabcdefghijkl\r\n";
        for (var length = 0; length < Request.Length; length++)
            Assert.Equal(0, Find(Request[..length]).Used);
        Assert.Equal(Request.Length, Find(Request).Used);
    }

    [Fact]
    public void What_is_seen_is_what_the_parser_finds()
    {
        var random = new Random(7);
        for (var round = 0; round < 2000; round++)
        {
            var words = Enumerable.Range(0, random.Next(1, 8)).Select(_ => new string('x', random.Next(random.Next(4) == 0 ? 3000 : 20))).ToArray();
            var text = string.Create(CultureInfo.InvariantCulture, $"*{words.Length}\r\n")
                + string.Concat(words.Select(w => string.Create(CultureInfo.InvariantCulture, $"${w.Length}\r\n{w}\r\n")));
            var cut = random.Next(4) == 0 ? random.Next(text.Length + 1) : text.Length;
            var (used, key) = Find(text[..cut]);
            if (cut < text.Length || used == 0)
                Assert.Equal(0, used);
            else
                Assert.Equal((text.Length, words.ElementAtOrDefault(1) ?? ""), (used, key));
        }
    }

    private static unsafe (int Used, string Key) Find(string request)
    {
        var bytes = Encoding.ASCII.GetBytes(request);
        fixed (byte* data = bytes)
        {
            var used = RequestPeek.TryFind(data, bytes.Length, out var key);
            return (used, used == 0 ? "" : Encoding.ASCII.GetString(key));
        }
    }
}
