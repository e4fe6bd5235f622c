// Made from Schema/SaslAuthenticate.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Carries a mechanism's bytes to the server.</summary>
internal sealed class SaslAuthenticateRequest : IRequest<SaslAuthenticateResponse>, IReadable<SaslAuthenticateRequest>
{
    public ReadOnlyMemory<byte> AuthBytes { get; set; }

    public ApiKey Api => ApiKey.SaslAuthenticate;

    public static SaslAuthenticateRequest Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 2;
        var read = new SaslAuthenticateRequest();
        read.AuthBytes = reader.ReadBytes(flexible);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 2;
        writer.WriteBytes(AuthBytes, flexible);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }
}
