namespace Groundwork.Broker.Protocol;

/// <summary>
/// What goes ahead of every request. Its first three fields are the same in all versions, so that a request that is not
/// understood can still be answered, or be named in the log.
/// </summary>
internal readonly record struct RequestHeader(short ApiKey, short ApiVersion, int CorrelationId, string? ClientId)
{
    /// <summary>The header's version without tagged fields. (That before it, without a client's name, is ControlledShutdown's only.)</summary>
    public const short Plain = 1;

    /// <summary>The header's version with tagged fields.</summary>
    public const short Flexible = 2;

    /// <summary>Reads the first three fields; the client's name is left null.</summary>
    public static RequestHeader ReadStart(ref ProtocolReader reader) => new(reader.ReadInt16(), reader.ReadInt16(), reader.ReadInt32(), null);

    /// <summary>Reads what follows <see cref="ReadStart"/>.</summary>
    public RequestHeader ReadRest(ref ProtocolReader reader, short headerVersion)
    {
        // The client's name has its length in two bytes even where all else is flexible: old brokers must be able to skip it.
        var clientId = reader.ReadNullableString(flexible: false);
        if (headerVersion >= Flexible)
            reader.SkipTaggedFields();
        return this with { ClientId = clientId };
    }

    public void Write(ProtocolWriter writer, short headerVersion)
    {
        writer.WriteInt16(ApiKey);
        writer.WriteInt16(ApiVersion);
        writer.WriteInt32(CorrelationId);
        writer.WriteNullableString(ClientId, flexible: false);
        if (headerVersion >= Flexible)
            writer.WriteUnsignedVarint(0);
    }
}
