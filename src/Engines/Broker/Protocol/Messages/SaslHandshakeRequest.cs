// Made from Schema/SaslHandshake.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Says how the client is going to authenticate.</summary>
internal sealed class SaslHandshakeRequest : IRequest<SaslHandshakeResponse>, IReadable<SaslHandshakeRequest>
{
    public string Mechanism { get; set; } = "";

    public ApiKey Api => ApiKey.SaslHandshake;

    public static SaslHandshakeRequest Read(ref ProtocolReader reader, short version)
    {
        var read = new SaslHandshakeRequest();
        read.Mechanism = reader.ReadString(flexible: false);
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        writer.WriteString(Mechanism, flexible: false);
    }
}
