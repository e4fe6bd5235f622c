using System.Text;
using Groundwork.Redis.Raw;

namespace Groundwork.Redis.Tests;

/// <summary>RESP3, read piece by piece.</summary>
public sealed class RespStreamTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100_000)]
    public async Task Values_are_read_however_they_arrive(int pieceBytes)
    {
        var resp = Over($">2\r\n$10\r\ninvalidate\r\n*2\r\n$1\r\na\r\n$0\r\n\r\n+PONG\r\n_\r\n", pieceBytes);

        Assert.Equal(new RespHead('>', 2), await resp.ReadHeadAsync(Token));
        Assert.Equal("invalidate", await BulkAsync(resp));
        Assert.Equal(new RespHead('*', 2), await resp.ReadHeadAsync(Token));
        Assert.Equal("a", await BulkAsync(resp));
        Assert.Equal("", await BulkAsync(resp));
        Assert.Equal('+', (await resp.ReadHeadAsync(Token)).Kind);
        Assert.Equal("PONG", resp.Text);
        Assert.Equal('_', (await resp.ReadHeadAsync(Token)).Kind);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task What_is_too_long_to_be_kept_is_passed_over(int pieceBytes)
    {
        var longest = new string('x', RespStream.MaxBulk);
        var resp = Over($"${longest.Length + 1}\r\n{longest}y\r\n${longest.Length}\r\n{longest}\r\n+OK\r\n", pieceBytes);

        Assert.Null(await BulkAsync(resp));
        Assert.Equal(longest, await BulkAsync(resp));
        Assert.Equal('+', (await resp.ReadHeadAsync(Token)).Kind);
    }

    [Fact]
    public async Task Whatever_a_server_says_of_itself_is_skipped_whole()
    {
        var resp = Over("%3\r\n+a\r\n*2\r\n:1\r\n$3\r\nabc\r\n$1\r\nb\r\n#t\r\n+c\r\n$-1\r\n+OK\r\n", 4);

        await resp.SkipAsync(await resp.ReadHeadAsync(Token), Token);

        await resp.ReadHeadAsync(Token);
        Assert.Equal("OK", resp.Text);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n")]
    [InlineData("$x\r\n")]
    [InlineData("*-2\r\n")]
    [InlineData("\r\n")]
    public async Task What_is_not_RESP3_is_refused(string text) =>
        await Assert.ThrowsAsync<InvalidDataException>(() => Over(text, 100).ReadHeadAsync(Token).AsTask());

    [Fact]
    public async Task A_line_without_end_is_refused() =>
        await Assert.ThrowsAsync<InvalidDataException>(() => Over($"+{new string('x', 100_000)}", 5000).ReadHeadAsync(Token).AsTask());

    [Fact]
    public async Task A_connection_that_ends_says_so() =>
        await Assert.ThrowsAsync<EndOfStreamException>(() => Over("+PON", 10).ReadHeadAsync(Token).AsTask());

    private static async Task<string?> BulkAsync(RespStream resp)
    {
        var head = await resp.ReadHeadAsync(Token);
        Assert.True(head.IsBulk);
        return await resp.ReadBulkAsync(head, Token) is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null;
    }

    private static RespStream Over(string text, int pieceBytes) => new(new PiecemealStream(Encoding.UTF8.GetBytes(text), pieceBytes));

    private sealed class PiecemealStream(byte[] bytes, int pieceBytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, pieceBytes)], cancellationToken);
    }
}
