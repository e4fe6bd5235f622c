namespace Groundwork.Broker.Operations;

/// <summary>Where a setting's value is from, by Kafka's numbers.</summary>
internal enum ConfigSource : sbyte
{
    /// <summary>The topic has it.</summary>
    Topic = 1,

    /// <summary>The broker was started with it.</summary>
    Broker = 4,

    /// <summary>Nobody set it.</summary>
    Default = 5,
}

/// <summary>What settings are of, by Kafka's numbers.</summary>
internal enum ConfigResource : sbyte
{
    Topic = 2,
    Broker = 4,
}
