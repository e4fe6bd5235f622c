namespace Groundwork.Broker.Protocol;

/// <summary>What goes ahead of every response: which request it answers.</summary>
internal static class ResponseHeader
{
    public static int Read(ref ProtocolReader reader, bool flexible)
    {
        var correlationId = reader.ReadInt32();
        if (flexible)
            reader.SkipTaggedFields();
        return correlationId;
    }

    public static void Write(ProtocolWriter writer, int correlationId, bool flexible)
    {
        writer.WriteInt32(correlationId);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }
}
