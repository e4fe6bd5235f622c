using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Groundwork.Broker.Benchmarks.Load;
using Groundwork.Ports.Experiments;

namespace Groundwork.Broker.Benchmarks.Rivals;

/// <summary>NATS' streams in files (JetStream), where it is installed. Before 2.10 it cannot sync before it answers, and does so every two minutes: what it acknowledges may be lost.</summary>
internal static class NatsStreams
{
    private const string Server = "nats-server";
    /// <summary>As it is called in results.</summary>
    public const string Name = "NATS, not synced";

    /// <summary>Why it cannot be used, and what to do; null where it can.</summary>
    public static string? Missing { get; } = LocalProgram.IsInPath(Server) ? null : $"{Server} is not in PATH: install it.";

    /// <summary>Starts it on a folder, with a stream that takes what is published below a topic's name.</summary>
    public static async Task<LocalProgram> StartAsync(string folder, string topic, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var port = LastingPort.Next(new Random());
        var settings = Path.Combine(folder, "nats.conf");
        await File.WriteAllTextAsync(
            settings,
            string.Create(CultureInfo.InvariantCulture, $"listen: 127.0.0.1:{port}\nping_interval: \"1h\"\njetstream {{ store_dir: \"{folder}\", max_file_store: 8GB }}\n"),
            cancellationToken);
        var program = await LocalProgram.StartServerAsync(Server, port, ["-c", settings], cancellationToken);
        try
        {
            await MakeStreamAsync(port, topic, cancellationToken);
            return program;
        }
        catch
        {
            await program.DisposeAsync();
            throw;
        }
    }

    /// <summary>Publishes some records under the subject of a partition, each a message that is to be acknowledged to a connection.</summary>
    public static byte[] Append(int connection, string topic, int partition, int recordBytes, int records)
    {
        var value = new byte[recordBytes];
        new Random(partition).NextBytes(value);
        byte[] one = [.. Encoding.ASCII.GetBytes($"PUB {topic}.{partition} {Inbox(connection)} {value.Length}\r\n"), .. value, .. "\r\n"u8];
        return [.. Enumerable.Repeat(one, records).SelectMany(message => message)];
    }

    /// <summary>How messages are acknowledged: by a message each.</summary>
    public static RequestShape Shape(int underWay, int records) => new(underWay, records, () => new LineCounter('M')) { Begin = (socket, connection) => socket.Send(Greeting(connection)) };

    private static string Inbox(int connection) => FormattableString.Invariant($"answers.{connection}");

    private static byte[] Greeting(int connection) =>
        Encoding.ASCII.GetBytes($"CONNECT {{\"verbose\":false,\"pedantic\":false}}\r\nSUB {Inbox(connection)} 1\r\n");

    private static async Task MakeStreamAsync(int port, string topic, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
        var stream = $"{{\"name\":\"{topic}\",\"subjects\":[\"{topic}.>\"],\"storage\":\"file\",\"retention\":\"limits\",\"discard\":\"old\",\"max_bytes\":4294967296,\"num_replicas\":1}}";
        await socket.SendAsync((byte[])[.. Greeting(0), .. Encoding.ASCII.GetBytes($"PUB $JS.API.STREAM.CREATE.{topic} {Inbox(0)} {stream.Length}\r\n{stream}\r\n")], cancellationToken);
        var (counter, buffer, said) = (new LineCounter('M'), new byte[8192], new StringBuilder());
        for (var answers = 0; answers == 0;)
        {
            var read = await socket.ReceiveAsync(buffer, cancellationToken);
            if (read == 0)
                throw new IOException("NATS closed the connection.");
            said.Append(Encoding.UTF8.GetString(buffer, 0, read));
            answers = counter.Count(buffer.AsSpan(0, read));
        }

        if (said.ToString().Contains("\"error\"", StringComparison.Ordinal))
            throw new InvalidOperationException($"NATS made no stream: {said}");
    }
}
