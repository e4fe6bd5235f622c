// Made from Schema/ApiVersions.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Asks what the server speaks; the first request of most clients.</summary>
internal sealed class ApiVersionsRequest : IRequest<ApiVersionsResponse>, IReadable<ApiVersionsRequest>
{
    public string ClientSoftwareName { get; set; } = "";

    public string ClientSoftwareVersion { get; set; } = "";

    public ApiKey Api => ApiKey.ApiVersions;

    public static ApiVersionsRequest Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 3;
        var read = new ApiVersionsRequest();
        if (version >= 3)
            read.ClientSoftwareName = reader.ReadString(flexible: true);
        if (version >= 3)
            read.ClientSoftwareVersion = reader.ReadString(flexible: true);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 3;
        if (version >= 3)
            writer.WriteString(ClientSoftwareName, flexible: true);
        if (version >= 3)
            writer.WriteString(ClientSoftwareVersion, flexible: true);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }
}
