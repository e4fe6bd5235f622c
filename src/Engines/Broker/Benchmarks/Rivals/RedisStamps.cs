using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Groundwork.Broker.Benchmarks.Load;

namespace Groundwork.Broker.Benchmarks.Rivals;

/// <summary>In Redis' protocol: a place is an entry's id.</summary>
internal sealed class RedisStamps(string topic, int recordBytes) : StampedRecords
{
    private const int StampBytes = 16;
    private const int EndBytes = 2;
    private const int LinesBeforeEntries = 5;
    private const int LinesAnEntry = 8;

    private readonly byte[] _request = RedisStreams.Append(topic, 0, Enumerable.Repeat((byte)'x', recordBytes).ToArray(), 1);
    private readonly byte[] _received = new byte[4 << 20];

    public override AnswerCounter Answers() => new LineCounter('$');

    public override byte[] Append(long stamp)
    {
        Encoding.ASCII.GetBytes(stamp.ToString("x16", CultureInfo.InvariantCulture), _request.AsSpan(_request.Length - EndBytes - recordBytes, StampBytes));
        return _request;
    }

    public override async Task<string> EndAsync(Socket socket, CancellationToken cancellationToken)
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes($"XREVRANGE {topic}.0 + - COUNT 1\r\n"), cancellationToken);
        var lines = Lines(socket, first => first == "*0" ? 1 : LinesAnEntry + 1);
        return lines.Count == 1 ? "0" : lines[3];
    }

    public override (string Place, IReadOnlyList<long> Stamps) Poll(Socket socket, string place)
    {
        socket.Send(Encoding.ASCII.GetBytes($"XREAD COUNT 1000 BLOCK {WaitMs} STREAMS {topic}.0 {place}\r\n"));
        var lines = Lines(socket, first => first == "*-1" ? 1 : LinesBeforeEntries);
        var entries = Enumerable.Range(0, (lines.Count - LinesBeforeEntries) / LinesAnEntry).Select(i => LinesBeforeEntries + (i * LinesAnEntry)).ToList();
        return entries.Count == 0
            ? (place, [])
            : (lines[entries[^1] + 2], [.. entries.Select(at => long.Parse(lines[at + LinesAnEntry - 1].AsSpan(0, StampBytes), NumberStyles.HexNumber, CultureInfo.InvariantCulture))]);
    }

    // An answer in lines: as many as its first one says; where that is a list of streams, the fifth says how many entries there are.
    private List<string> Lines(Socket socket, Func<string, int> wanted)
    {
        for (var there = 0; ;)
        {
            var read = socket.Receive(_received.AsSpan(there));
            if (read == 0)
                throw new IOException("Redis closed the connection.");
            there += read;
            var lines = Encoding.ASCII.GetString(_received, 0, there).Split("\r\n");
            var needed = wanted(lines[0]);
            if (needed == LinesBeforeEntries && lines.Length > LinesBeforeEntries)
                needed += LinesAnEntry * int.Parse(lines[LinesBeforeEntries - 1].AsSpan(1), CultureInfo.InvariantCulture);
            if (lines.Length > needed && _received[there - 1] == (byte)'\n')
                return [.. lines.Take(needed)];
        }
    }
}
