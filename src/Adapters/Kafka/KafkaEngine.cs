using Groundwork.Ports.Messaging;

namespace Groundwork.Kafka;

/// <summary>The Broker port on Kafka, what speaks its protocol, and our own broker reached over the network.</summary>
public sealed class KafkaEngine : IBrokerEngine
{
    /// <inheritdoc/>
    public string Name => "Kafka";

    /// <inheritdoc/>
    public string? Fault(string connection)
    {
        _ = KafkaAddress.TryParse(connection, out var fault);
        return fault;
    }

    /// <inheritdoc/>
    /// <exception cref="BrokerException"><c>Broker:Connection</c> cannot be read.</exception>
    public ISharedBroker Create(BrokerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (KafkaAddress.TryParse(context.Settings.Get(BrokerSettings.Connection), out var fault) is not { } address)
            throw new BrokerException(BrokerFault.Refused, $"{BrokerSettings.Connection.Name} {fault}.");
        Driver.Ensure();
        return new KafkaBroker(address, context);
    }
}
