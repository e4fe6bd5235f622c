using Groundwork.Ports.Modules;

namespace Groundwork.Platform.Access.Keys;

/// <summary>
/// Makes, lists, rotates and revokes keys.
/// </summary>
/// <remarks>
/// <para>A key takes two rows with different distribution keys, so they are not one transaction. Making a key: (1) its name is
/// claimed for its id; (2) the key is inserted. Revoking: (1) the key is revoked; (2) its name is let go. A crash between
/// the steps leaves a name that stands for no key that holds; whoever wants it takes it over, after
/// <see cref="ClaimGrace"/> where the key was never seen, since it may be on its way.</para>
/// <para>Bounds: <see cref="MaxKeys"/> keys that were not revoked (each further copy of the program may add one over it), and
/// the last <see cref="RevokedKept"/> revoked ones. Safe for concurrent use.</para>
/// </remarks>
internal sealed class KeyRegistry(KeyStore store, KeyVerifier verifier, IReadOnlyList<Module> modules, TimeProvider time) : IDisposable
{
    /// <summary>How many keys there may be that were not revoked.</summary>
    public const int MaxKeys = 10_000;

    /// <summary>How long a name may be.</summary>
    public const int MaxNameLength = 64;

    /// <summary>The longest life of a key that has an end, and of a replaced secret.</summary>
    public static readonly TimeSpan MaxLife = TimeSpan.FromDays(3650);

    private const int RevokedKept = 1000;

    private static readonly TimeSpan ClaimGrace = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _making = new(1);

    /// <summary>What a key may be given.</summary>
    public IReadOnlyList<string> Grantable { get; } = ScopeSet.Grantable(modules);

    /// <summary>Those that were not revoked, by name.</summary>
    public Task<IReadOnlyList<StoredKey>> ListAsync(CancellationToken cancellationToken) => store.ListAsync(cancellationToken);

    /// <summary>A key that was not revoked, by its id or its name.</summary>
    public async Task<StoredKey?> FindAsync(string idOrName, CancellationToken cancellationToken)
    {
        var key = await store.FindAsync(idOrName, cancellationToken);
        if (key is null && await store.HolderAsync(idOrName, cancellationToken) is { } holder)
            key = await store.FindAsync(holder.Id, cancellationToken);
        return key is { RevokedAt: null } ? key : null;
    }

    /// <summary>Makes a key; it is durable when this returns.</summary>
    /// <param name="name">1 to <see cref="MaxNameLength"/> characters.</param>
    /// <param name="scopes">Grantable ones, at least one.</param>
    /// <param name="life">Until it ends by itself; null for ever.</param>
    /// <param name="cancellationToken">Ends the wait; the key may then have been made, and nobody knows its secret.</param>
    /// <returns>The key and its text, shown this once.</returns>
    public async Task<(MakeOutcome Outcome, StoredKey? Key, string Text)> MakeAsync(
        string name, ScopeSet scopes, TimeSpan? life, CancellationToken cancellationToken)
    {
        await _making.WaitAsync(cancellationToken);
        try
        {
            if (await store.CountAsync(cancellationToken) >= MaxKeys)
                return (MakeOutcome.TooMany, null, "");
            await store.ForgetRevokedAsync(RevokedKept, cancellationToken);

            var now = Now();
            var id = ApiKey.CreateId();
            if (await store.FindAsync(name, cancellationToken) is not null || !await ClaimAsync(name, id, now, cancellationToken))
                return (MakeOutcome.NameTaken, null, "");

            var (text, hash) = ApiKey.Create(id);
            var key = new StoredKey(id, name, scopes, hash, null, null, now, null, now + life, null);
            await store.InsertAsync(key, cancellationToken);
            return (MakeOutcome.Made, key, text);
        }
        finally
        {
            _making.Release();
        }
    }

    /// <summary>Gives a key a new secret. The one before holds for <paramref name="grace"/>; an even older one ends.</summary>
    /// <returns>The key's new text, shown this once; null where it was revoked meanwhile.</returns>
    public async Task<string?> RotateAsync(StoredKey key, TimeSpan grace, CancellationToken cancellationToken)
    {
        var now = Now();
        var (text, hash) = ApiKey.Create(key.Id);
        var done = await store.RotateAsync(key.Id, hash, now, now + grace, cancellationToken);
        verifier.Changed(key.Id);
        return done ? text : null;
    }

    /// <summary>Ends a key: at once in this copy of the program, within a second in others.</summary>
    public async Task RevokeAsync(StoredKey key, CancellationToken cancellationToken)
    {
        await store.RevokeAsync(key.Id, Now(), cancellationToken);
        verifier.Changed(key.Id);
        await store.ReleaseNameAsync(key.Name, key.Id, cancellationToken);
    }

    public void Dispose() => _making.Dispose();

    private async Task<bool> ClaimAsync(string name, string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await store.ClaimNameAsync(name, id, now, cancellationToken))
            return true;
        if (await store.HolderAsync(name, cancellationToken) is not { } holder)
            return await store.ClaimNameAsync(name, id, now, cancellationToken);

        var held = await store.FindAsync(holder.Id, cancellationToken);
        var isFree = held is null ? now - holder.ClaimedAt >= ClaimGrace : held.RevokedAt is not null;
        return isFree && await store.TakeOverNameAsync(name, holder.Id, id, now, cancellationToken);
    }

    // As the database keeps it, so that what is shown now is what is read later.
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}

/// <summary>What became of a wish for a key.</summary>
internal enum MakeOutcome
{
    /// <summary>There it is.</summary>
    Made,

    /// <summary>Another key has the name.</summary>
    NameTaken,

    /// <summary>There are as many as there may be.</summary>
    TooMany,
}
