namespace Groundwork.Broker.Protocol;

/// <summary>What came is not a message of the protocol; the text says what is wrong, and at which byte.</summary>
internal sealed class ProtocolException(string message) : Exception(message);
