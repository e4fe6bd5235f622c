// Made from Schema/SaslAuthenticate.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Carries a mechanism's bytes to the client.</summary>
internal sealed class SaslAuthenticateResponse : IResponse, IReadable<SaslAuthenticateResponse>
{
    public ErrorCode ErrorCode { get; set; }

    public string? ErrorMessage { get; set; } = "";

    public ReadOnlyMemory<byte> AuthBytes { get; set; }

    public long SessionLifetimeMs { get; set; }

    public ApiKey Api => ApiKey.SaslAuthenticate;

    public static SaslAuthenticateResponse Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 2;
        var read = new SaslAuthenticateResponse();
        read.ErrorCode = reader.ReadError();
        read.ErrorMessage = reader.ReadNullableString(flexible);
        read.AuthBytes = reader.ReadBytes(flexible);
        if (version >= 1)
            read.SessionLifetimeMs = reader.ReadInt64();
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 2;
        writer.WriteError(ErrorCode);
        writer.WriteNullableString(ErrorMessage, flexible);
        writer.WriteBytes(AuthBytes, flexible);
        if (version >= 1)
            writer.WriteInt64(SessionLifetimeMs);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }
}
