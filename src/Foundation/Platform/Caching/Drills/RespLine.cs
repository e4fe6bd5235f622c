using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Groundwork.Platform.Caching.Drills;

/// <summary>A client of Redis' protocol for a drill's few questions: one command at a time, as a line of words. Not for concurrent use.</summary>
internal sealed class RespLine : IDisposable
{
    private readonly TcpClient _client;
    private readonly StreamReader _reader;

    private RespLine(TcpClient client) => (_client, _reader) = (client, new StreamReader(client.GetStream(), Encoding.Latin1));

    /// <summary>Connects.</summary>
    public static async Task<RespLine> ConnectAsync(int port, CancellationToken cancellationToken)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        return new RespLine(client);
    }

    /// <summary>Asks.</summary>
    /// <returns>The texts and numbers of the answer, whatever they were nested in; a null is empty.</returns>
    /// <exception cref="InvalidOperationException">It was refused.</exception>
    public async Task<List<string>> AskAsync(string command, CancellationToken cancellationToken)
    {
        await _client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(command + "\r\n"), cancellationToken);
        var answer = new List<string>();
        for (var left = 1L; left > 0; left--)
        {
            var line = await _reader.ReadLineAsync(cancellationToken) ?? throw new EndOfStreamException("The cache closed the connection.");
            switch (line[0])
            {
                case '-':
                    throw new InvalidOperationException(line[1..]);
                case '*' or '%':
                    left += Math.Max(0, Number(line)) * (line[0] == '%' ? 2 : 1);
                    break;
                case '$' when Number(line) is >= 0 and var length:
                    var text = new char[length + 2];
                    await _reader.ReadBlockAsync(text, cancellationToken);
                    answer.Add(new string(text, 0, (int)length));
                    break;
                default:
                    answer.Add(line[0] == '$' ? "" : line[1..]);
                    break;
            }
        }

        return answer;
    }

    /// <summary>A number of INFO's statistics.</summary>
    public async Task<long> StatisticAsync(string name, CancellationToken cancellationToken)
    {
        var info = (await AskAsync("INFO stats", cancellationToken))[0];
        var line = info.Split("\r\n").First(l => l.StartsWith(name + ":", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(name.Length + 1), CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        _client.Dispose();
    }

    private static long Number(string line) => long.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
}
