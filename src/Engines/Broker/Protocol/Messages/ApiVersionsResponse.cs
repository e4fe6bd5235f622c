// Made from Schema/ApiVersions.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>The versions of each API that the server speaks.</summary>
internal sealed class ApiVersionsResponse : IResponse, IReadable<ApiVersionsResponse>
{
    public ErrorCode ErrorCode { get; set; }

    public List<ApiVersion> ApiKeys { get; set; } = [];

    public int ThrottleTimeMs { get; set; }

    public List<SupportedFeatureKey>? SupportedFeatures { get; set; }

    /// <summary>-1 where it is not known.</summary>
    public long FinalizedFeaturesEpoch { get; set; } = -1;

    public List<FinalizedFeatureKey>? FinalizedFeatures { get; set; }

    public bool ZkMigrationReady { get; set; }

    public ApiKey Api => ApiKey.ApiVersions;

    public static ApiVersionsResponse Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 3;
        var read = new ApiVersionsResponse();
        read.ErrorCode = reader.ReadError();
        reader.ReadArray(read.ApiKeys, version, flexible, leastBytes: 6);
        if (version >= 1)
            read.ThrottleTimeMs = reader.ReadInt32();
        if (!flexible)
            return read;
        for (var left = reader.ReadTagCount(); left > 0; left--)
        {
            var tag = reader.ReadTag(out var end);
            switch (tag)
            {
                case 0:
                    read.SupportedFeatures = reader.ReadNullableArray<SupportedFeatureKey>(version, flexible: true, leastBytes: 6) ?? throw reader.UnexpectedNull("SupportedFeatures");
                    break;
                case 1:
                    read.FinalizedFeaturesEpoch = reader.ReadInt64();
                    break;
                case 2:
                    read.FinalizedFeatures = reader.ReadNullableArray<FinalizedFeatureKey>(version, flexible: true, leastBytes: 6) ?? throw reader.UnexpectedNull("FinalizedFeatures");
                    break;
                case 3:
                    read.ZkMigrationReady = reader.ReadBoolean();
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
        var flexible = version >= 3;
        writer.WriteError(ErrorCode);
        writer.WriteArray(ApiKeys, version, flexible);
        if (version >= 1)
            writer.WriteInt32(ThrottleTimeMs);
        if (!flexible)
            return;
        var tags = 0u;
        if (SupportedFeatures is not null)
            tags++;
        if (FinalizedFeaturesEpoch != -1)
            tags++;
        if (FinalizedFeatures is not null)
            tags++;
        if (ZkMigrationReady)
            tags++;
        writer.WriteUnsignedVarint(tags);
        if (SupportedFeatures is not null)
        {
            writer.BeginTag().WriteArray(SupportedFeatures, version, flexible: true);
            writer.EndTag(0);
        }

        if (FinalizedFeaturesEpoch != -1)
        {
            writer.BeginTag().WriteInt64(FinalizedFeaturesEpoch);
            writer.EndTag(1);
        }

        if (FinalizedFeatures is not null)
        {
            writer.BeginTag().WriteArray(FinalizedFeatures, version, flexible: true);
            writer.EndTag(2);
        }

        if (ZkMigrationReady)
        {
            writer.BeginTag().WriteBoolean(ZkMigrationReady);
            writer.EndTag(3);
        }
    }

    internal sealed class ApiVersion : IMessage, IReadable<ApiVersion>
    {
        public short ApiKey { get; set; }

        public short MinVersion { get; set; }

        public short MaxVersion { get; set; }

        public static ApiVersion Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 3;
            var read = new ApiVersion();
            read.ApiKey = reader.ReadInt16();
            read.MinVersion = reader.ReadInt16();
            read.MaxVersion = reader.ReadInt16();
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 3;
            writer.WriteInt16(ApiKey);
            writer.WriteInt16(MinVersion);
            writer.WriteInt16(MaxVersion);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class SupportedFeatureKey : IMessage, IReadable<SupportedFeatureKey>
    {
        public string Name { get; set; } = "";

        public short MinVersion { get; set; }

        public short MaxVersion { get; set; }

        public static SupportedFeatureKey Read(ref ProtocolReader reader, short version)
        {
            var read = new SupportedFeatureKey();
            read.Name = reader.ReadString(flexible: true);
            read.MinVersion = reader.ReadInt16();
            read.MaxVersion = reader.ReadInt16();
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteString(Name, flexible: true);
            writer.WriteInt16(MinVersion);
            writer.WriteInt16(MaxVersion);
            writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class FinalizedFeatureKey : IMessage, IReadable<FinalizedFeatureKey>
    {
        public string Name { get; set; } = "";

        public short MaxVersionLevel { get; set; }

        public short MinVersionLevel { get; set; }

        public static FinalizedFeatureKey Read(ref ProtocolReader reader, short version)
        {
            var read = new FinalizedFeatureKey();
            read.Name = reader.ReadString(flexible: true);
            read.MaxVersionLevel = reader.ReadInt16();
            read.MinVersionLevel = reader.ReadInt16();
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteString(Name, flexible: true);
            writer.WriteInt16(MaxVersionLevel);
            writer.WriteInt16(MinVersionLevel);
            writer.WriteUnsignedVarint(0);
        }
    }
}
