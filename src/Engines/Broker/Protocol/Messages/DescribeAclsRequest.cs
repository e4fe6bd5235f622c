// Made from Schema/DescribeAcls.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Asks who may do what.</summary>
internal sealed class DescribeAclsRequest : IRequest<DescribeAclsResponse>, IReadable<DescribeAclsRequest>
{
    public sbyte ResourceTypeFilter { get; set; }

    /// <summary>null for any.</summary>
    public string? ResourceNameFilter { get; set; } = "";

    public sbyte PatternTypeFilter { get; set; } = 3;

    /// <summary>null for any.</summary>
    public string? PrincipalFilter { get; set; } = "";

    /// <summary>null for any.</summary>
    public string? HostFilter { get; set; } = "";

    public sbyte Operation { get; set; }

    public sbyte PermissionType { get; set; }

    public ApiKey Api => ApiKey.DescribeAcls;

    public static DescribeAclsRequest Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 2;
        var read = new DescribeAclsRequest();
        read.ResourceTypeFilter = reader.ReadInt8();
        read.ResourceNameFilter = reader.ReadNullableString(flexible);
        if (version >= 1)
            read.PatternTypeFilter = reader.ReadInt8();
        read.PrincipalFilter = reader.ReadNullableString(flexible);
        read.HostFilter = reader.ReadNullableString(flexible);
        read.Operation = reader.ReadInt8();
        read.PermissionType = reader.ReadInt8();
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 2;
        writer.WriteInt8(ResourceTypeFilter);
        writer.WriteNullableString(ResourceNameFilter, flexible);
        if (version >= 1)
            writer.WriteInt8(PatternTypeFilter);
        else if (PatternTypeFilter != 3)
            throw ProtocolWriter.NotInVersion("DescribeAclsRequest.PatternTypeFilter", version);
        writer.WriteNullableString(PrincipalFilter, flexible);
        writer.WriteNullableString(HostFilter, flexible);
        writer.WriteInt8(Operation);
        writer.WriteInt8(PermissionType);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }
}
