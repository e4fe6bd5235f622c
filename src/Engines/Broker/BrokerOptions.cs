using System.Net;
using Groundwork.Broker.Logs;
using Groundwork.Broker.Node;
using Groundwork.Broker.Serving;
using Groundwork.Ports.Settings;

namespace Groundwork.Broker;

/// <summary>What an operator sets of the broker. What is of a topic is set with Kafka's own tools, by Kafka's names.</summary>
internal static class BrokerOptions
{
    /// <summary>Where it is served.</summary>
    public static readonly Setting<IPEndPoint?> Listen = Setting.EndpointOrNone(
        "Broker:Listen", "127.0.0.1:9092",
        "Where Kafka's protocol is served; port 0 takes a spare one, and none leaves the log to the program's own modules. Clients are sent to the address at which they came; only loopback is served.");

    /// <summary>Whether topics are made when they are first named.</summary>
    public static readonly Setting<bool> CreateTopics = Setting.Flag(
        "Broker:CreateTopics", true, "Whether a topic is made when a client first names it (Kafka's auto.create.topics.enable).");

    /// <summary>How many partitions such a topic has.</summary>
    public static readonly Setting<long> Partitions = Setting.Integer(
        "Broker:Partitions", 1, 1, 1000, "How many partitions a topic has where nobody says how many (Kafka's num.partitions).");

    /// <summary>The bound of partitions.</summary>
    public static readonly Setting<long> MaxPartitions = Setting.Integer(
        "Broker:MaxPartitions", 10_000, 1, 100_000, "How many partitions there may be, of all topics together; each takes files when it is used.");

    /// <summary>The bound of connections.</summary>
    public static readonly Setting<long> Connections = Setting.Integer(
        "Broker:Connections", 10_000, 1, 1_000_000, "How many clients may be connected at once; the next one is closed.");

    /// <summary>The longest request.</summary>
    public static readonly Setting<long> MaxRequestSize = Setting.Size(
        "Broker:MaxRequestSize", 100L << 20, 1L << 20, 1L << 30, "How long a request may be; a longer one ends its connection (Kafka's socket.request.max.bytes).");

    /// <summary>The bound of memory for requests.</summary>
    public static readonly Setting<long> RequestMemory = Setting.Size(
        "Broker:RequestMemory", 256L << 20, 1L << 20, 1L << 40,
        "What requests in flight and answers to consumers may take together; who wants more waits. Not less than Broker:MaxRequestSize.");

    /// <summary>The longest answer to a consumer.</summary>
    public static readonly Setting<long> MaxFetchSize = Setting.Size(
        "Broker:MaxFetchSize", 8L << 20, 64L << 10, 256L << 20, "How long an answer to a consumer becomes, but for one batch that is longer (Kafka's fetch.max.bytes).");

    /// <summary>How long the journal is.</summary>
    public static readonly Setting<long> JournalSize = Setting.Size(
        "Broker:JournalSize", 128L << 20, 1L << 20, 64L << 30,
        "How long the journal's two files are together: taken from the disk at the first start, and read again after a crash. It can be made longer, not shorter.");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Setting> All { get; } =
        [Listen, CreateTopics, Partitions, MaxPartitions, Connections, MaxRequestSize, RequestMemory, MaxFetchSize, JournalSize];

    /// <summary>What contradicts.</summary>
    public static IEnumerable<SettingError> Validate(SettingValues settings)
    {
        if (settings.Get(Listen) is { } listen && !IPAddress.IsLoopback(listen.Address))
        {
            yield return new SettingError(
                Listen.Name, $"would serve the log on {listen} to anybody who reaches it", "Listen on 127.0.0.1: clients cannot authenticate at the broker yet.");
        }

        if (settings.Get(RequestMemory) < settings.Get(MaxRequestSize))
        {
            yield return new SettingError(
                RequestMemory.Name, $"is less than {MaxRequestSize.Name}, so that the largest request would never be taken", $"Raise it, or lower {MaxRequestSize.Name}.");
        }
    }

    /// <summary>The node that was asked for.</summary>
    public static NodeOptions Node(SettingValues settings, Action<LogPlace, string> report) => new()
    {
        DefaultPartitions = (int)settings.Get(Partitions),
        CreatesTopics = settings.Get(CreateTopics),
        MaxPartitions = (int)settings.Get(MaxPartitions),
        RequestMemory = settings.Get(RequestMemory),
        MaxFetchBytes = (int)settings.Get(MaxFetchSize),
        Logs = new LogStoreOptions { JournalBytes = settings.Get(JournalSize), Report = report },
    };

    /// <summary>The server that was asked for.</summary>
    public static ServerOptions Server(SettingValues settings, IPEndPoint listen) => new()
    {
        Listen = listen,
        Connections = (int)settings.Get(Connections),
        MaxRequestBytes = (int)settings.Get(MaxRequestSize),
    };
}
