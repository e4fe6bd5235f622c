
namespace Groundwork.Platform.Data;

/// <summary>A request that may come more than once, and whose effect must not.</summary>
/// <remarks>Two requests are the same one when all but the fingerprint agree; each text has 1 to 255 characters.</remarks>
/// <param name="DistributionKey">The distribution key of what the request changes: its transaction's key.</param>
/// <param name="Principal">Who asks. Nobody sees the response to another's request.</param>
/// <param name="Operation">What is asked for, without its content: <c>POST /v1/links</c>.</param>
/// <param name="Key">What the caller chose, the same for every retry: the <c>Idempotency-Key</c> header.</param>
/// <param name="Fingerprint">A hash of the content, up to 64 bytes, by which the same key with another content is refused.</param>
public sealed record IdempotentRequest(string DistributionKey, string Principal, string Operation, string Key, byte[] Fingerprint)
{
    /// <summary>The longest fingerprint, in bytes.</summary>
    public const int MaxFingerprintLength = 64;

    /// <exception cref="ArgumentException">A part is empty or too long.</exception>
    internal void Check()
    {
        Names.Check(DistributionKey, nameof(DistributionKey));
        Names.Check(Principal, nameof(Principal));
        Names.Check(Operation, nameof(Operation));
        Names.Check(Key, nameof(Key));
        if (Fingerprint is not { Length: > 0 and <= MaxFingerprintLength })
            throw new ArgumentException($"A fingerprint has 1 to {MaxFingerprintLength} bytes.", nameof(Fingerprint));
    }
}
