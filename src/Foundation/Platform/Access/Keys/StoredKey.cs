using System.Security.Cryptography;

namespace Groundwork.Platform.Access.Keys;

/// <summary>An API key as it is kept: everything but the secret. Immutable.</summary>
/// <param name="Id">Its id, which never changes.</param>
/// <param name="Name">Unique among keys that were not revoked.</param>
/// <param name="Scopes">What it permits.</param>
/// <param name="Verifier">The secret's SHA-256.</param>
/// <param name="PreviousVerifier">That of the secret before the last rotation; null where it ended at once.</param>
/// <param name="PreviousUntil">When that one ends.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="RotatedAt">When it last got a new secret.</param>
/// <param name="ExpiresAt">When it ends by itself; null where it doesn't.</param>
/// <param name="RevokedAt">When it was ended by hand.</param>
internal sealed record StoredKey(
    string Id,
    string Name,
    ScopeSet Scopes,
    byte[] Verifier,
    byte[]? PreviousVerifier,
    DateTimeOffset? PreviousUntil,
    DateTimeOffset CreatedAt,
    DateTimeOffset? RotatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt)
{
    /// <summary>Who presents it.</summary>
    public Principal Principal { get; } = new(Id, PrincipalKind.Key, Name, Scopes);

    /// <summary>Whether the verifier is of a secret that holds at this time; takes the same time whatever the secret.</summary>
    public bool Matches(ReadOnlySpan<byte> verifier, DateTimeOffset now) =>
        CryptographicOperations.FixedTimeEquals(verifier, Verifier)
        | (PreviousVerifier is not null && now < PreviousUntil && CryptographicOperations.FixedTimeEquals(verifier, PreviousVerifier));

    /// <summary>Whether it has come to its end, revoked or expired.</summary>
    public bool HasEnded(DateTimeOffset now) => RevokedAt is not null || ExpiresAt <= now;
}
