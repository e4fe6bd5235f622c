using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Groundwork.Broker.Benchmarks.Load;
using Groundwork.Ports.Experiments;

namespace Groundwork.Broker.Benchmarks.Rivals;

/// <summary>RabbitMQ's streams by their own protocol, where it is installed as Debian has it. They are never synced: what it acknowledges may be lost.</summary>
/// <remarks>
/// A stream a partition. Publishers have no name, by which repetitions would be known, so the same request can be sent again and again. The program is started in a folder of its own and
/// listens on loopback only; the registry of names that Erlang wants (<c>epmd</c>) is started here too, so that none stays behind.
/// </remarks>
internal static class RabbitStreams
{
    /// <summary>As it is called in results.</summary>
    public const string Name = "RabbitMQ streams, not synced";

    // What is in PATH is a wrapper that becomes another user first, and keeps its files elsewhere.
    private const string Server = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private const string Registry = "epmd";
    private const string KeptBytes = "4294967296";

    /// <summary>Why it cannot be used, and what to do; null where it can.</summary>
    public static string? Missing { get; } = !File.Exists(Server) ? $"{Server} is not there: install Debian's rabbitmq-server."
        : LocalProgram.IsInPath(Registry) ? null : $"{Registry} is not in PATH: install Erlang.";

    /// <summary>Starts it on a folder, with a stream for each partition of a topic.</summary>
    public static async Task<ServerUnderLoad> StartAsync(string folder, string topic, int partitions, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var random = new Random();
        var (port, nodes, names) = (LastingPort.Next(random), LastingPort.Next(random), LastingPort.Next(random));
        var settings = Path.Combine(folder, "rabbit.conf");
        var plugins = Path.Combine(folder, "plugins");
        await File.WriteAllTextAsync(
            settings, string.Create(CultureInfo.InvariantCulture, $"listeners.tcp = none\nstream.listeners.tcp.1 = 127.0.0.1:{port}\nlog.file = false\n"), cancellationToken);
        await File.WriteAllTextAsync(plugins, "[rabbitmq_stream].\n", cancellationToken);
        var registry = await LocalProgram.StartServerAsync(
            Registry, names, ["-port", names.ToString(CultureInfo.InvariantCulture), "-address", "127.0.0.1"], cancellationToken);
        LocalProgram? program = null;
        try
        {
            program = await LocalProgram.StartServerAsync(
                "env", port,
                [
                    // With ALLOW_INPUT its script becomes Erlang's own process, which is then the one that is known here, and ended.
                    $"HOME={folder}", $"ERL_EPMD_PORT={names}", "ERL_EPMD_ADDRESS=127.0.0.1", $"RABBITMQ_DIST_PORT={nodes}", "RABBITMQ_NODENAME=bench@localhost",
                    "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=-kernel inet_dist_use_interface {127,0,0,1}",
                    $"RABBITMQ_CONFIG_FILE={settings}", $"RABBITMQ_ENABLED_PLUGINS_FILE={plugins}", $"RABBITMQ_CONF_ENV_FILE={Path.Combine(folder, "none")}",
                    $"RABBITMQ_ADVANCED_CONFIG_FILE={Path.Combine(folder, "none.config")}", $"RABBITMQ_MNESIA_BASE={Path.Combine(folder, "data")}",
                    $"RABBITMQ_LOG_BASE={Path.Combine(folder, "log")}", "RABBITMQ_LOGS=-", $"RABBITMQ_PID_FILE={Path.Combine(folder, "pid")}",
                    "RABBITMQ_ALLOW_INPUT=1", Server, "-noinput",
                ],
                cancellationToken);
            MakeStreams(port, topic, partitions);
            return new ServerUnderLoad(Name, port, program.ProcessId, EndAsync);
        }
        catch
        {
            await EndAsync();
            throw;
        }

        async ValueTask EndAsync()
        {
            if (program is not null)
                await program.DisposeAsync();
            await registry.DisposeAsync();
        }
    }

    /// <summary>Publishes some records of random bytes to the stream of a partition, all in one frame.</summary>
    public static byte[] Append(int partition, int recordBytes, int records)
    {
        var value = new byte[recordBytes];
        new Random(partition).NextBytes(value);
        return RabbitFrames.Publish((byte)partition, value, records);
    }

    /// <summary>How they are answered: each by its number, many to a frame. A connection says first who it is, and to which streams it publishes.</summary>
    public static RequestShape Shape(int underWay, int records, string topic, int partitions) => new(underWay, records, () => new ConfirmCounter())
    {
        Begin = (socket, _) =>
        {
            Open(socket);
            for (var partition = 0; partition < partitions; partition++)
                RabbitFrames.Ask(socket, RabbitFrames.DeclarePublisher((byte)partition, StreamOf(topic, partition)));
        },
    };

    private static void MakeStreams(int port, string topic, int partitions)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, port);
        Open(socket);
        for (var partition = 0; partition < partitions; partition++)
            RabbitFrames.Ask(socket, RabbitFrames.Create(StreamOf(topic, partition), KeptBytes));
    }

    private static void Open(Socket socket)
    {
        RabbitFrames.Ask(socket, RabbitFrames.PeerProperties());
        RabbitFrames.Ask(socket, RabbitFrames.SaslHandshake());
        RabbitFrames.Ask(socket, RabbitFrames.SaslAuthenticate("guest", "guest"));
        RabbitFrames.AgreeOnTune(socket);
        RabbitFrames.Ask(socket, RabbitFrames.Open("/"));
    }

    private static string StreamOf(string topic, int partition) => FormattableString.Invariant($"{topic}.{partition}");
}
