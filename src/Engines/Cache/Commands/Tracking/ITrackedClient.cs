namespace Groundwork.Cache.Commands.Tracking;

/// <summary>A client as those who tell it of keys see it. Any thread.</summary>
internal interface ITrackedClient
{
    /// <summary>Its connection's number.</summary>
    long Id { get; }

    /// <summary>The version of the protocol: 2 or 3.</summary>
    int Protocol { get; }

    /// <summary>Whether it listens to channels: then it can be told things in the older version of the protocol too.</summary>
    bool Listens { get; }

    /// <summary>Whether it has left.</summary>
    bool IsClosed { get; }

    /// <summary>Sends it a whole message, after the answer of a command that runs now on its own thread.</summary>
    /// <returns>False where it has left.</returns>
    bool Send(ReadOnlySpan<byte> message);
}
