using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Groundwork.Console.Tests.Cache;

/// <summary>A client of the cache by Redis' protocol, while somebody looks at the console.</summary>
internal sealed class CacheVisitor : IDisposable
{
    private readonly TcpClient _connection;
    private readonly StreamReader _answers;

    private CacheVisitor(TcpClient connection) => (_connection, _answers) = (connection, new StreamReader(connection.GetStream(), Encoding.Latin1));

    /// <summary>Connects to the cache of a program, wherever that serves it.</summary>
    public static async Task<CacheVisitor> OfAsync(Uri program)
    {
        using var http = new HttpClient { BaseAddress = program };
        var server = (await http.GetFromJsonAsync<JsonNode>("v1/cache"))!;
        var connection = new TcpClient();
        await connection.ConnectAsync(System.Net.IPEndPoint.Parse(server["addresses"]![0]!.ToString()));
        return new CacheVisitor(connection);
    }

    /// <summary>Asks for something whose answer is one line.</summary>
    public Task<string?> AskAsync(params string[] words) => AskAsync([.. words.Select(Encoding.UTF8.GetBytes)]);

    /// <summary>Asks for something in bytes.</summary>
    public async Task<string?> AskAsync(params byte[][] words)
    {
        var request = new MemoryStream();
        request.Write(Encoding.ASCII.GetBytes($"*{words.Length}\r\n"));
        foreach (var word in words)
        {
            request.Write(Encoding.ASCII.GetBytes($"${word.Length}\r\n"));
            request.Write(word);
            request.Write("\r\n"u8);
        }

        await _connection.GetStream().WriteAsync(request.ToArray());
        var line = await _answers.ReadLineAsync();
        return line is ['$', not '-', ..] ? await _answers.ReadLineAsync() : line;
    }

    /// <summary>Keys of every type, and with something of everything in them.</summary>
    public async Task FillAsync()
    {
        await AskAsync("set", "greeting", "hello", "ex", "3600");
        await AskAsync("set", "visits", "1234567");
        await AskAsync("set", "user:1", """{"name":"Ada","roles":["admin","author"],"since":1843,"address":{"city":"London"}}""");
        await AskAsync(Encoding.UTF8.GetBytes("set"), [0xFF, 0x00, 0x41], [.. Enumerable.Range(0, 120).Select(i => (byte)(i * 7))]);
        await AskAsync("rpush", "queue", "first", "second", new string('x', 400), """{"id":4}""");
        await AskAsync("hset", "session:9f", "user", "1", "agent", "Firefox", "cart", "[1,2,3]");
        await AskAsync("sadd", "tags", "redis", "cache", "memory", "42");
        await AskAsync("zadd", "scores", "10.5", "ada", "7", "grace", "inf", "barbara");
        await AskAsync("set", "a key with blanks/and:" + new string('k', 120), "v");
        for (var i = 0; i < 60; i++)
            await AskAsync("set", $"page:{i}", $"<p>{i}</p>");
    }

    /// <summary>Reads of which some are found, one key much more than others.</summary>
    public async Task ReadAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await AskAsync("get", "greeting");
            await AskAsync("get", $"page:{i * i % 90}");
        }
    }

    /// <summary>Many changes of some keys more than of others, more of them than a small cache has room for; sent a thousand at a time.</summary>
    public async Task SetManyAsync(int thousands)
    {
        var random = new Random(1);
        for (var i = 0; i < thousands; i++)
        {
            var requests = new StringBuilder();
            for (var j = 0; j < 1000; j++)
            {
                var key = $"item:{(int)(20_000 * Math.Pow(random.NextDouble(), 3)):d5}";
                requests.Append($"*3\r\n$3\r\nset\r\n$10\r\n{key}\r\n$400\r\n{new string('x', 400)}\r\n");
            }

            await _connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(requests.ToString()));
            for (var j = 0; j < 1000; j++)
                await _answers.ReadLineAsync();
        }
    }

    public void Dispose()
    {
        _answers.Dispose();
        _connection.Dispose();
    }
}
