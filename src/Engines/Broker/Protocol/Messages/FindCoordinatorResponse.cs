// Made from Schema/FindCoordinator.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>A node for each name.</summary>
internal sealed class FindCoordinatorResponse : IResponse, IReadable<FindCoordinatorResponse>
{
    public int ThrottleTimeMs { get; set; }

    public ErrorCode ErrorCode { get; set; }

    public string? ErrorMessage { get; set; } = "";

    public int NodeId { get; set; }

    public string Host { get; set; } = "";

    public int Port { get; set; }

    public List<Coordinator> Coordinators { get; set; } = [];

    public ApiKey Api => ApiKey.FindCoordinator;

    public static FindCoordinatorResponse Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 3;
        var read = new FindCoordinatorResponse();
        if (version >= 1)
            read.ThrottleTimeMs = reader.ReadInt32();
        if (version <= 3)
            read.ErrorCode = reader.ReadError();
        if (version is >= 1 and <= 3)
            read.ErrorMessage = reader.ReadNullableString(flexible);
        if (version <= 3)
            read.NodeId = reader.ReadInt32();
        if (version <= 3)
            read.Host = reader.ReadString(flexible);
        if (version <= 3)
            read.Port = reader.ReadInt32();
        if (version >= 4)
            reader.ReadArray(read.Coordinators, version, flexible: true, leastBytes: 14);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 3;
        if (version >= 1)
            writer.WriteInt32(ThrottleTimeMs);
        if (version <= 3)
            writer.WriteError(ErrorCode);
        else if (ErrorCode != ErrorCode.None)
            throw ProtocolWriter.NotInVersion("FindCoordinatorResponse.ErrorCode", version);
        if (version is >= 1 and <= 3)
            writer.WriteNullableString(ErrorMessage, flexible);
        if (version <= 3)
            writer.WriteInt32(NodeId);
        else if (NodeId != 0)
            throw ProtocolWriter.NotInVersion("FindCoordinatorResponse.NodeId", version);
        if (version <= 3)
            writer.WriteString(Host, flexible);
        else if (Host.Length > 0)
            throw ProtocolWriter.NotInVersion("FindCoordinatorResponse.Host", version);
        if (version <= 3)
            writer.WriteInt32(Port);
        else if (Port != 0)
            throw ProtocolWriter.NotInVersion("FindCoordinatorResponse.Port", version);
        if (version >= 4)
            writer.WriteArray(Coordinators, version, flexible: true);
        else if (Coordinators.Count > 0)
            throw ProtocolWriter.NotInVersion("FindCoordinatorResponse.Coordinators", version);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class Coordinator : IMessage, IReadable<Coordinator>
    {
        public string Key { get; set; } = "";

        public int NodeId { get; set; }

        public string Host { get; set; } = "";

        public int Port { get; set; }

        public ErrorCode ErrorCode { get; set; }

        public string? ErrorMessage { get; set; } = "";

        public static Coordinator Read(ref ProtocolReader reader, short version)
        {
            var read = new Coordinator();
            read.Key = reader.ReadString(flexible: true);
            read.NodeId = reader.ReadInt32();
            read.Host = reader.ReadString(flexible: true);
            read.Port = reader.ReadInt32();
            read.ErrorCode = reader.ReadError();
            read.ErrorMessage = reader.ReadNullableString(flexible: true);
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteString(Key, flexible: true);
            writer.WriteInt32(NodeId);
            writer.WriteString(Host, flexible: true);
            writer.WriteInt32(Port);
            writer.WriteError(ErrorCode);
            writer.WriteNullableString(ErrorMessage, flexible: true);
            writer.WriteUnsignedVarint(0);
        }
    }
}
