using Groundwork.Platform.Http;

namespace Groundwork.Platform.Access.Keys;

/// <summary>
/// What people do with keys, checked: the command line's way through the control socket, and the console's. <c>key</c> is an
/// id or a name everywhere.
/// </summary>
/// <remarks>
/// Nobody makes or rotates a key that permits what they may not do themselves, for its secret would be theirs. Safe for concurrent use.
/// </remarks>
public sealed class KeyManagement
{
    private readonly KeyRegistry _keys;
    private readonly TimeProvider _time;

    internal KeyManagement(KeyRegistry keys, TimeProvider time) => (_keys, _time) = (keys, time);

    /// <summary>What a key may be given.</summary>
    public IReadOnlyList<string> Grantable => _keys.Grantable;

    /// <summary>Those that were not revoked, by name.</summary>
    public async Task<IReadOnlyList<KeyView>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await _keys.ListAsync(cancellationToken)).Select(k => KeyView.Of(k))];

    /// <summary>Makes a key; it is durable when this returns.</summary>
    public async Task<KeyAnswer> MakeAsync(Principal maker, MakeKey wish, CancellationToken cancellationToken)
    {
        if (Wrong(wish) is { } error)
            return new(Problem.InvalidRequest.Result(error));
        var scopes = ScopeSet.Of(wish.Scopes!.OfType<string>());
        if (Beyond(maker, scopes) is { } refused)
            return refused;

        TimeSpan? life = wish.ExpiresIn is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        var (outcome, key, text) = await _keys.MakeAsync(wish.Name!, scopes, life, cancellationToken);
        return outcome switch
        {
            MakeOutcome.NameTaken => new(AccessProblems.NameTaken.Result(
                $"There is a key with the name or the id '{wish.Name}'. Choose another name, or rotate or revoke that key.")),
            MakeOutcome.TooMany => new(AccessProblems.TooManyKeys.Result(
                $"There are {KeyRegistry.MaxKeys} keys. Revoke those that are not used.")),
            _ => new(KeyView.Of(key!, text)),
        };
    }

    /// <summary>Gives a key a new secret.</summary>
    public async Task<KeyAnswer> RotateAsync(Principal maker, string key, RotateKey? wish, CancellationToken cancellationToken)
    {
        var grace = wish?.Grace ?? 0;
        if (!IsLife(grace) && grace != 0)
            return new(Problem.InvalidRequest.Result($"grace is a number of seconds from 0 to {KeyRegistry.MaxLife.TotalSeconds}."));
        if (await _keys.FindAsync(key, cancellationToken) is not { } found)
            return NoKey(key);
        if (found.HasEnded(_time.GetUtcNow()))
            return new(AccessProblems.KeyEnded.Result($"The key '{found.Name}' has expired. Revoke it and make another."));
        if (Beyond(maker, found.Scopes) is { } refused)
            return refused;

        return await _keys.RotateAsync(found, TimeSpan.FromSeconds(grace), cancellationToken) is { } text
            ? new(KeyView.Of(await _keys.FindAsync(found.Id, cancellationToken) ?? found, text))
            : NoKey(key);
    }

    /// <summary>Ends a key: at once in this copy of the program, within a second in others.</summary>
    public async Task<KeyAnswer> RevokeAsync(string key, CancellationToken cancellationToken)
    {
        if (await _keys.FindAsync(key, cancellationToken) is not { } found)
            return NoKey(key);
        await _keys.RevokeAsync(found, cancellationToken);
        return new(KeyView.Of(found));
    }

    private string? Wrong(MakeKey wish)
    {
        if (string.IsNullOrWhiteSpace(wish.Name) || wish.Name is "." or ".." || wish.Name.Length > KeyRegistry.MaxNameLength || wish.Name.Any(c => char.IsControl(c) || c == '/'))
            return $"name is required: 1 to {KeyRegistry.MaxNameLength} characters, none of them a control character or a slash; and not '.' or '..'.";
        if (wish.Scopes is not { Count: > 0 })
            return $"scopes is required: at least one of {string.Join(", ", Grantable)}.";
        foreach (var scope in wish.Scopes)
        {
            if (scope is null || !Grantable.Contains(scope, StringComparer.Ordinal))
                return ScopeSet.Unknown(scope ?? "", Grantable);
        }

        return wish.ExpiresIn is { } seconds && !IsLife(seconds)
            ? $"expires_in is a number of seconds above 0, up to {KeyRegistry.MaxLife.TotalSeconds}; leave it out for a key without an end."
            : null;
    }

    private static KeyAnswer? Beyond(Principal maker, ScopeSet scopes) =>
        scopes.Names.FirstOrDefault(scope => !maker.Scopes.Covers(scope)) is { } scope
            ? new(AccessProblems.MissingScope.Result($"The key would permit '{scope}', which '{maker.Name}' may not do."))
            : null;

    private static bool IsLife(double seconds) => seconds > 0 && seconds <= KeyRegistry.MaxLife.TotalSeconds;

    private static KeyAnswer NoKey(string key) => new(Problem.NotFound.Result($"There is no key with the id or the name '{key}'."));
}

/// <summary>A key, or why not: one of the two.</summary>
public sealed record KeyAnswer
{
    internal KeyAnswer(KeyView key) => Key = key;

    internal KeyAnswer(ProblemResult problem) => Problem = problem;

    /// <summary>The key, where it was done.</summary>
    public KeyView? Key { get; }

    /// <summary>Why it was not.</summary>
    public ProblemResult? Problem { get; }
}

/// <summary>The wish for a key.</summary>
/// <param name="Name">1 to 64 characters without a slash (it stands in paths), unique among keys that were not revoked.</param>
/// <param name="Scopes">What it permits; at least one.</param>
/// <param name="ExpiresIn">Seconds until it ends; absent for ever.</param>
public sealed record MakeKey(string? Name, IReadOnlyList<string?>? Scopes, double? ExpiresIn);

/// <summary>The wish for a key's new secret; may be absent.</summary>
/// <param name="Grace">Seconds for which the secret before still holds; 0 where absent.</param>
public sealed record RotateKey(double? Grace);

/// <summary>A key as it is shown.</summary>
/// <param name="Id">Its id, which never changes.</param>
/// <param name="Name">Unique among keys that were not revoked.</param>
/// <param name="Scopes">What it permits.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="RotatedAt">When it last got a new secret.</param>
/// <param name="ExpiresAt">When it ends by itself.</param>
/// <param name="PreviousSecretUntil">Until when the secret before holds.</param>
/// <param name="Key">The key itself; only in the answer to the wish that made or rotated it.</param>
public sealed record KeyView(
    string Id,
    string Name,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? RotatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? PreviousSecretUntil,
    string? Key)
{
    internal static KeyView Of(StoredKey key, string? text = null) =>
        new(key.Id, key.Name, key.Scopes.Names, key.CreatedAt, key.RotatedAt, key.ExpiresAt, key.PreviousUntil, text);
}
