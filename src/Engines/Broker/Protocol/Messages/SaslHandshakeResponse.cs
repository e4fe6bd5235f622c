// Made from Schema/SaslHandshake.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Whether the server has that way, and which ones it has.</summary>
internal sealed class SaslHandshakeResponse : IResponse, IReadable<SaslHandshakeResponse>
{
    public ErrorCode ErrorCode { get; set; }

    public List<string> Mechanisms { get; set; } = [];

    public ApiKey Api => ApiKey.SaslHandshake;

    public static SaslHandshakeResponse Read(ref ProtocolReader reader, short version)
    {
        var read = new SaslHandshakeResponse();
        read.ErrorCode = reader.ReadError();
        reader.ReadStringArray(read.Mechanisms, flexible: false);
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        writer.WriteError(ErrorCode);
        writer.WriteStringArray(Mechanisms, flexible: false);
    }
}
