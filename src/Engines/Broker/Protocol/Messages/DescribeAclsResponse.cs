// Made from Schema/DescribeAcls.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Resources, with what is allowed and denied on each.</summary>
internal sealed class DescribeAclsResponse : IResponse, IReadable<DescribeAclsResponse>
{
    public int ThrottleTimeMs { get; set; }

    public ErrorCode ErrorCode { get; set; }

    public string? ErrorMessage { get; set; } = "";

    public List<DescribeAclsResource> Resources { get; set; } = [];

    public ApiKey Api => ApiKey.DescribeAcls;

    public static DescribeAclsResponse Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 2;
        var read = new DescribeAclsResponse();
        read.ThrottleTimeMs = reader.ReadInt32();
        read.ErrorCode = reader.ReadError();
        read.ErrorMessage = reader.ReadNullableString(flexible);
        reader.ReadArray(read.Resources, version, flexible, leastBytes: 5);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 2;
        writer.WriteInt32(ThrottleTimeMs);
        writer.WriteError(ErrorCode);
        writer.WriteNullableString(ErrorMessage, flexible);
        writer.WriteArray(Resources, version, flexible);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class DescribeAclsResource : IMessage, IReadable<DescribeAclsResource>
    {
        public sbyte ResourceType { get; set; }

        public string ResourceName { get; set; } = "";

        public sbyte PatternType { get; set; } = 3;

        public List<AclDescription> Acls { get; set; } = [];

        public static DescribeAclsResource Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 2;
            var read = new DescribeAclsResource();
            read.ResourceType = reader.ReadInt8();
            read.ResourceName = reader.ReadString(flexible);
            if (version >= 1)
                read.PatternType = reader.ReadInt8();
            reader.ReadArray(read.Acls, version, flexible, leastBytes: 5);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 2;
            writer.WriteInt8(ResourceType);
            writer.WriteString(ResourceName, flexible);
            if (version >= 1)
                writer.WriteInt8(PatternType);
            else if (PatternType != 3)
                throw ProtocolWriter.NotInVersion("DescribeAclsResource.PatternType", version);
            writer.WriteArray(Acls, version, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class AclDescription : IMessage, IReadable<AclDescription>
    {
        public string Principal { get; set; } = "";

        public string Host { get; set; } = "";

        public sbyte Operation { get; set; }

        public sbyte PermissionType { get; set; }

        public static AclDescription Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 2;
            var read = new AclDescription();
            read.Principal = reader.ReadString(flexible);
            read.Host = reader.ReadString(flexible);
            read.Operation = reader.ReadInt8();
            read.PermissionType = reader.ReadInt8();
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 2;
            writer.WriteString(Principal, flexible);
            writer.WriteString(Host, flexible);
            writer.WriteInt8(Operation);
            writer.WriteInt8(PermissionType);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
