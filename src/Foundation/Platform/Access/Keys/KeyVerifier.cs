using System.Collections.Concurrent;
using Groundwork.Ports.Database;

namespace Groundwork.Platform.Access.Keys;

/// <summary>
/// Checks presented keys, keeping those it has read for a second.
/// </summary>
/// <remarks>
/// <para>Invariants: a change made in this copy holds for every check that begins after it; one made in another copy within
/// <see cref="KeptFor"/>. The first needs more than forgetting the key: a read under way may have seen the row before the
/// change and would keep it after. So each change moves a version, and what was read under an older version is used once and
/// not kept.</para>
/// <para>Bound: only keys that exist are kept, <see cref="MaxKept"/> at most; at the bound all are forgotten, which costs one
/// read each. Ids that do not exist cost a read each time. Safe for concurrent use.</para>
/// </remarks>
internal sealed class KeyVerifier(KeyStore store, TimeProvider time)
{
    /// <summary>How long a key that was read is believed.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(1);

    /// <summary>When to ask again where the database does not answer.</summary>
    public static readonly TimeSpan DatabaseRetry = TimeSpan.FromSeconds(1);

    /// <summary>How many are kept.</summary>
    public const int MaxKept = 10_000;

    private readonly ConcurrentDictionary<string, Kept> _kept = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private long _version;

    /// <summary>Whose key this is.</summary>
    public ValueTask<Verification> VerifyAsync(string presented, CancellationToken cancellationToken)
    {
        Span<byte> verifier = stackalloc byte[ApiKey.VerifierLength];
        if (!ApiKey.TryParse(presented, out var id, verifier))
            return new(Verification.Refused("This is not an API key: one has the form gw_ID_SECRET, and must be sent whole."));
        return VerifyAsync(id, verifier, cancellationToken);
    }

    /// <summary>Whose key this is, taken apart already.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="verifier">The SHA-256 of its secret.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<Verification> VerifyAsync(ReadOnlySpan<char> id, ReadOnlySpan<byte> verifier, CancellationToken cancellationToken)
    {
        return _kept.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(id, out var kept) && time.GetElapsedTime(kept.ReadAt) < KeptFor
            ? new(Check(kept.Key, verifier))
            : ReadAsync(id.ToString(), verifier.ToArray(), cancellationToken);
    }

    /// <summary>Forgets a key that has changed; called once the change is durable.</summary>
    public void Changed(string id)
    {
        lock (_gate)
        {
            _version++;
            _kept.TryRemove(id, out _);
        }
    }

    private async ValueTask<Verification> ReadAsync(string id, byte[] verifier, CancellationToken cancellationToken)
    {
        var version = Volatile.Read(ref _version);
        var readAt = time.GetTimestamp();
        StoredKey? key;
        try
        {
            key = await store.FindAsync(id, cancellationToken);
        }
        catch (DatabaseException)
        {
            return Verification.NotNow("The key cannot be checked, because the database does not answer.", DatabaseRetry);
        }

        if (key is null)
            return Unknown;

        lock (_gate)
        {
            if (_version == version)
            {
                if (_kept.Count >= MaxKept)
                    _kept.Clear();
                _kept[id] = new Kept(key, readAt);
            }
        }

        return Check(key, verifier);
    }

    private Verification Check(StoredKey key, ReadOnlySpan<byte> verifier)
    {
        var now = time.GetUtcNow();
        if (!key.Matches(verifier, now))
            return Unknown;

        // Only who knows the secret is told why it no longer holds.
        if (key.RevokedAt is not null)
            return Verification.Refused("This key was revoked.");
        return key.HasEnded(now) ? Verification.Refused("This key has expired.") : Verification.Accepted(key.Principal);
    }

    private static Verification Unknown => Verification.Refused("This key is not known here, or its secret was replaced.");

    private sealed record Kept(StoredKey Key, long ReadAt);
}
