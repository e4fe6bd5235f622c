using System.Globalization;
using System.Text;
using Groundwork.Broker.Benchmarks.Load;
using Groundwork.Ports.Experiments;

namespace Groundwork.Broker.Benchmarks.Rivals;

/// <summary>Redis' streams, each write synced before it is answered (<c>appendfsync always</c>), where Redis is installed.</summary>
internal static class RedisStreams
{
    private const string Server = "redis-server";

    // What it keeps is in memory: about so many records of each stream, which is more than lie in a round's requests under way.
    private const string Kept = "50000";

    /// <summary>As it is called in results.</summary>
    public const string Name = "Redis streams";

    /// <summary>Why it cannot be used, and what to do; null where it can.</summary>
    public static string? Missing { get; } = LocalProgram.IsInPath(Server) ? null : $"{Server} is not in PATH: install Redis.";

    /// <summary>Starts it on a folder.</summary>
    public static Task<LocalProgram> StartAsync(string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var port = LastingPort.Next(new Random());
        return LocalProgram.StartServerAsync(
            Server, port,
            [
                "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--loglevel", "warning",
                "--appendonly", "yes", "--appendfsync", "always", "--auto-aof-rewrite-percentage", "0",
            ],
            cancellationToken);
    }

    /// <summary>Appends some records of random bytes to the stream of a partition, each a command.</summary>
    public static byte[] Append(string topic, int partition, int recordBytes, int records)
    {
        var value = new byte[recordBytes];
        new Random(partition).NextBytes(value);
        return Append(topic, partition, value, records);
    }

    /// <summary>Appends a record some times, each a command.</summary>
    public static byte[] Append(string topic, int partition, byte[] value, int records)
    {
        var one = Command([.. new[] { "XADD", $"{topic}.{partition}", "MAXLEN", "~", Kept, "*", "v" }.Select(Encoding.ASCII.GetBytes), value]);
        return [.. Enumerable.Repeat(one, records).SelectMany(command => command)];
    }

    /// <summary>How appends are answered: with an id each.</summary>
    public static RequestShape Shape(int underWay, int records) => new(underWay, records, () => new LineCounter('$'));

    private static byte[] Command(IReadOnlyList<byte[]> parts)
    {
        using var bytes = new MemoryStream();
        bytes.Write(Encoding.ASCII.GetBytes($"*{parts.Count}\r\n"));
        foreach (var part in parts)
        {
            bytes.Write(Encoding.ASCII.GetBytes($"${part.Length}\r\n"));
            bytes.Write(part);
            bytes.Write("\r\n"u8);
        }

        return bytes.ToArray();
    }
}
