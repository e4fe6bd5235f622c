using Confluent.Kafka;
using Groundwork.Kafka;

namespace Groundwork.Broker.Tests.Clients;

/// <summary>Clients of Confluent.Kafka, on the native library that its package brings.</summary>
internal static class ConfluentClient
{
    /// <summary>A producer.</summary>
    public static IProducer<string?, string> Producer(RunningBroker broker, Action<ProducerConfig>? set = null)
    {
        Driver.Ensure();
        var config = new ProducerConfig { BootstrapServers = $"{broker.Address}", LingerMs = 5 };
        set?.Invoke(config);
        return new ProducerBuilder<string?, string>(config).SetLogHandler((_, _) => { }).Build();
    }

    /// <summary>A consumer of a group, which reads from the beginning and commits when it is closed or told to.</summary>
    public static IConsumer<string?, string> Consumer(RunningBroker broker, string group, Action<ConsumerConfig>? set = null)
    {
        Driver.Ensure();
        var config = new ConsumerConfig
        {
            BootstrapServers = $"{broker.Address}",
            GroupId = group,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
            SessionTimeoutMs = 6000,
            HeartbeatIntervalMs = 200,
            FetchWaitMaxMs = 50,
        };
        set?.Invoke(config);
        return new ConsumerBuilder<string?, string>(config).SetLogHandler((_, _) => { }).Build();
    }

    /// <summary>An administrator.</summary>
    public static IAdminClient Admin(RunningBroker broker)
    {
        Driver.Ensure();
        return new AdminClientBuilder(new AdminClientConfig { BootstrapServers = $"{broker.Address}" }).SetLogHandler((_, _) => { }).Build();
    }
}
