// Made from Schema/Produce.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Where the batches lie now, or why they do not.</summary>
internal sealed class ProduceResponse : IResponse, IReadable<ProduceResponse>
{
    public List<TopicProduceResponse> Responses { get; set; } = [];

    public int ThrottleTimeMs { get; set; }

    /// <summary>Where the leaders named above listen.</summary>
    public List<NodeEndpoint>? NodeEndpoints { get; set; }

    public ApiKey Api => ApiKey.Produce;

    public static ProduceResponse Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 9;
        var read = new ProduceResponse();
        reader.ReadArray(read.Responses, version, flexible, leastBytes: 3);
        if (version >= 1)
            read.ThrottleTimeMs = reader.ReadInt32();
        if (!flexible)
            return read;
        for (var left = reader.ReadTagCount(); left > 0; left--)
        {
            var tag = reader.ReadTag(out var end);
            switch (tag)
            {
                case 0 when version >= 10:
                    read.NodeEndpoints = reader.ReadNullableArray<NodeEndpoint>(version, flexible: true, leastBytes: 11) ?? throw reader.UnexpectedNull("NodeEndpoints");
                    break;
                default:
                    reader.SkipTo(end);
                    break;
            }

            reader.EndTag(tag, end);
        }

        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 9;
        writer.WriteArray(Responses, version, flexible);
        if (version >= 1)
            writer.WriteInt32(ThrottleTimeMs);
        if (!flexible)
            return;
        var tags = 0u;
        if (version >= 10 && NodeEndpoints is not null)
            tags++;
        writer.WriteUnsignedVarint(tags);
        if (version >= 10 && NodeEndpoints is not null)
        {
            writer.BeginTag().WriteArray(NodeEndpoints, version, flexible: true);
            writer.EndTag(0);
        }
    }

    internal sealed class TopicProduceResponse : IMessage, IReadable<TopicProduceResponse>
    {
        public string Name { get; set; } = "";

        public List<PartitionProduceResponse> PartitionResponses { get; set; } = [];

        public static TopicProduceResponse Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 9;
            var read = new TopicProduceResponse();
            read.Name = reader.ReadString(flexible);
            reader.ReadArray(read.PartitionResponses, version, flexible, leastBytes: 14);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 9;
            writer.WriteString(Name, flexible);
            writer.WriteArray(PartitionResponses, version, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class PartitionProduceResponse : IMessage, IReadable<PartitionProduceResponse>
    {
        public int Index { get; set; }

        public ErrorCode ErrorCode { get; set; }

        public long BaseOffset { get; set; }

        /// <summary>The time that the broker gave the batch; -1 where the producer gave it.</summary>
        public long LogAppendTimeMs { get; set; } = -1;

        public long LogStartOffset { get; set; } = -1;

        public List<BatchIndexAndErrorMessage> RecordErrors { get; set; } = [];

        public string? ErrorMessage { get; set; }

        /// <summary>Who leads now, where this node does not.</summary>
        public LeaderIdAndEpoch? CurrentLeader { get; set; }

        public static PartitionProduceResponse Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 9;
            var read = new PartitionProduceResponse();
            read.Index = reader.ReadInt32();
            read.ErrorCode = reader.ReadError();
            read.BaseOffset = reader.ReadInt64();
            if (version >= 2)
                read.LogAppendTimeMs = reader.ReadInt64();
            if (version >= 5)
                read.LogStartOffset = reader.ReadInt64();
            if (version >= 8)
                reader.ReadArray(read.RecordErrors, version, flexible, leastBytes: 6);
            if (version >= 8)
                read.ErrorMessage = reader.ReadNullableString(flexible);
            if (!flexible)
                return read;
            for (var left = reader.ReadTagCount(); left > 0; left--)
            {
                var tag = reader.ReadTag(out var end);
                switch (tag)
                {
                    case 0 when version >= 10:
                        read.CurrentLeader = LeaderIdAndEpoch.Read(ref reader, version);
                        break;
                    default:
                        reader.SkipTo(end);
                        break;
                }

                reader.EndTag(tag, end);
            }

            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 9;
            writer.WriteInt32(Index);
            writer.WriteError(ErrorCode);
            writer.WriteInt64(BaseOffset);
            if (version >= 2)
                writer.WriteInt64(LogAppendTimeMs);
            if (version >= 5)
                writer.WriteInt64(LogStartOffset);
            if (version >= 8)
                writer.WriteArray(RecordErrors, version, flexible);
            if (version >= 8)
                writer.WriteNullableString(ErrorMessage, flexible);
            if (!flexible)
                return;
            var tags = 0u;
            if (version >= 10 && CurrentLeader is not null)
                tags++;
            writer.WriteUnsignedVarint(tags);
            if (version >= 10 && CurrentLeader is not null)
            {
                CurrentLeader.Write(writer.BeginTag(), version);
                writer.EndTag(0);
            }
        }
    }

    internal sealed class BatchIndexAndErrorMessage : IMessage, IReadable<BatchIndexAndErrorMessage>
    {
        public int BatchIndex { get; set; }

        public string? BatchIndexErrorMessage { get; set; }

        public static BatchIndexAndErrorMessage Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 9;
            var read = new BatchIndexAndErrorMessage();
            read.BatchIndex = reader.ReadInt32();
            read.BatchIndexErrorMessage = reader.ReadNullableString(flexible);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 9;
            writer.WriteInt32(BatchIndex);
            writer.WriteNullableString(BatchIndexErrorMessage, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class LeaderIdAndEpoch : IMessage, IReadable<LeaderIdAndEpoch>
    {
        public int LeaderId { get; set; } = -1;

        public int LeaderEpoch { get; set; } = -1;

        public static LeaderIdAndEpoch Read(ref ProtocolReader reader, short version)
        {
            var read = new LeaderIdAndEpoch();
            read.LeaderId = reader.ReadInt32();
            read.LeaderEpoch = reader.ReadInt32();
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteInt32(LeaderId);
            writer.WriteInt32(LeaderEpoch);
            writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class NodeEndpoint : IMessage, IReadable<NodeEndpoint>
    {
        public int NodeId { get; set; }

        public string Host { get; set; } = "";

        public int Port { get; set; }

        public string? Rack { get; set; }

        public static NodeEndpoint Read(ref ProtocolReader reader, short version)
        {
            var read = new NodeEndpoint();
            read.NodeId = reader.ReadInt32();
            read.Host = reader.ReadString(flexible: true);
            read.Port = reader.ReadInt32();
            read.Rack = reader.ReadNullableString(flexible: true);
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteInt32(NodeId);
            writer.WriteString(Host, flexible: true);
            writer.WriteInt32(Port);
            writer.WriteNullableString(Rack, flexible: true);
            writer.WriteUnsignedVarint(0);
        }
    }
}
