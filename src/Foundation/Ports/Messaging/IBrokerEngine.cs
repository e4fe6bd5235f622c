using Groundwork.Ports.Settings;
using Microsoft.Extensions.Logging;

namespace Groundwork.Ports.Messaging;

/// <summary>Something that serves the Broker port from outside the process: Kafka, by its address.</summary>
public interface IBrokerEngine
{
    /// <summary>As people call it.</summary>
    string Name { get; }

    /// <summary>What is wrong with a value of <see cref="BrokerSettings.Connection"/>, which is not empty; null where it can be served.</summary>
    string? Fault(string connection);

    /// <summary>Makes the broker; it connects when it is first used, and again by itself.</summary>
    ISharedBroker Create(BrokerContext context);
}

/// <summary>A broker that other processes share. Disposing it ends its connections; its readers and members have ended before.</summary>
public interface ISharedBroker : IBroker, IAsyncDisposable
{
    /// <summary>Whether it answers.</summary>
    /// <exception cref="BrokerException">It does not; the message says what to do.</exception>
    ValueTask CheckAsync(CancellationToken cancellationToken = default);
}

/// <summary>What a broker is made of.</summary>
/// <param name="Settings">The settings in force.</param>
/// <param name="Time">The clock.</param>
/// <param name="Loggers">Where it reports.</param>
public sealed record BrokerContext(SettingValues Settings, TimeProvider Time, ILoggerFactory Loggers);
