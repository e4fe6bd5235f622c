namespace Groundwork.Broker.Protocol;

/// <summary>What can be written in a version of the protocol.</summary>
internal interface IMessage
{
    /// <summary>Writes all that exists in that version. A field that does not, and says something that must not be lost, throws.</summary>
    void Write(ProtocolWriter writer, short version);
}

/// <summary>What can be read in a version of the protocol.</summary>
internal interface IReadable<TSelf>
{
    /// <summary>Reads all that exists in that version; the rest keeps its default. Bytes are slices of what is read, not copies.</summary>
    static abstract TSelf Read(ref ProtocolReader reader, short version);
}

/// <summary>The body of a request.</summary>
internal interface IRequest : IMessage
{
    /// <summary>What is asked.</summary>
    ApiKey Api { get; }
}

/// <summary>The body of a request that is answered by such a response.</summary>
internal interface IRequest<TResponse> : IRequest
    where TResponse : IResponse, IReadable<TResponse>;

/// <summary>The body of a response.</summary>
internal interface IResponse : IMessage
{
    /// <summary>What was asked.</summary>
    ApiKey Api { get; }
}

/// <summary>What lies in a record's key or value, or inside of a message's bytes, with its version in front.</summary>
internal interface IVersionedData : IMessage
{
    /// <summary>The oldest version that exists.</summary>
    static abstract short OldestVersion { get; }

    /// <summary>The newest version that is known here.</summary>
    static abstract short NewestVersion { get; }
}
