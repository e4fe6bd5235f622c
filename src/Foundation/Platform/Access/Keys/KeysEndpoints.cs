using Groundwork.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Groundwork.Platform.Access.Keys;

/// <summary>
/// Keys over the control socket. <c>{key}</c> is an id or a name. A listing comes whole: there are 10,000 keys at most, and
/// its reader is on this machine.
/// </summary>
internal static class KeysEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/keys", ListAsync);
        routes.MapPost("/keys", MakeAsync);
        routes.MapPost("/keys/{key}:rotate", RotateAsync);
        routes.MapDelete("/keys/{key}", RevokeAsync);
    }

    private static async Task<IResult> ListAsync(KeyRegistry keys, CancellationToken cancellationToken) =>
        Results.Ok(new KeyList([.. (await keys.ListAsync(cancellationToken)).Select(k => KeyView.Of(k))]));

    private static async Task<IResult> MakeAsync(MakeKey body, KeyRegistry keys, CancellationToken cancellationToken)
    {
        if (Wrong(body, keys.Grantable) is { } error)
            return Problem.InvalidRequest.With(error);

        TimeSpan? life = body.ExpiresIn is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        var (outcome, key, text) = await keys.MakeAsync(body.Name!, ScopeSet.Of(body.Scopes!.OfType<string>()), life, cancellationToken);
        return outcome switch
        {
            MakeOutcome.NameTaken => AccessProblems.NameTaken.With(
                $"There is a key with the name or the id '{body.Name}'. Choose another name, or rotate or revoke that key."),
            MakeOutcome.TooMany => AccessProblems.TooManyKeys.With($"There are {KeyRegistry.MaxKeys} keys. Revoke those that are not used."),
            _ => Results.Created($"/keys/{key!.Id}", KeyView.Of(key, text)),
        };
    }

    private static async Task<IResult> RotateAsync(string key, RotateKey? body, KeyRegistry keys, TimeProvider time, CancellationToken cancellationToken)
    {
        var grace = body?.Grace ?? 0;
        if (!IsLife(grace) && grace != 0)
            return Problem.InvalidRequest.With($"grace is a number of seconds from 0 to {KeyRegistry.MaxLife.TotalSeconds}.");
        if (await keys.FindAsync(key, cancellationToken) is not { } found)
            return NoKey(key);
        if (found.HasEnded(time.GetUtcNow()))
            return AccessProblems.KeyEnded.With($"The key '{found.Name}' has expired. Revoke it and make another.");

        return await keys.RotateAsync(found, TimeSpan.FromSeconds(grace), cancellationToken) is { } text
            ? Results.Ok(KeyView.Of((await keys.FindAsync(found.Id, cancellationToken)) ?? found, text))
            : NoKey(key);
    }

    private static async Task<IResult> RevokeAsync(string key, KeyRegistry keys, CancellationToken cancellationToken)
    {
        if (await keys.FindAsync(key, cancellationToken) is not { } found)
            return NoKey(key);
        await keys.RevokeAsync(found, cancellationToken);
        return Results.NoContent();
    }

    private static string? Wrong(MakeKey body, IReadOnlyList<string> grantable)
    {
        if (string.IsNullOrWhiteSpace(body.Name) || body.Name is "." or ".." || body.Name.Length > KeyRegistry.MaxNameLength || body.Name.Any(c => char.IsControl(c) || c == '/'))
            return $"name is required: 1 to {KeyRegistry.MaxNameLength} characters, none of them a control character or a slash; and not '.' or '..'.";
        if (body.Scopes is not { Count: > 0 })
            return $"scopes is required: at least one of {string.Join(", ", grantable)}.";
        foreach (var scope in body.Scopes)
        {
            if (scope is null || !grantable.Contains(scope, StringComparer.Ordinal))
                return ScopeSet.Unknown(scope ?? "", grantable);
        }

        return body.ExpiresIn is { } seconds && !IsLife(seconds)
            ? $"expires_in is a number of seconds above 0, up to {KeyRegistry.MaxLife.TotalSeconds}; leave it out for a key without an end."
            : null;
    }

    private static bool IsLife(double seconds) => seconds > 0 && seconds <= KeyRegistry.MaxLife.TotalSeconds;

    private static IResult NoKey(string key) => Problem.NotFound.With($"There is no key with the id or the name '{key}'.");
}

/// <summary>The body that makes a key.</summary>
/// <param name="Name">1 to 64 characters without a slash (it stands in paths), unique among keys that were not revoked.</param>
/// <param name="Scopes">What it permits; at least one.</param>
/// <param name="ExpiresIn">Seconds until it ends; absent for ever.</param>
internal sealed record MakeKey(string? Name, IReadOnlyList<string?>? Scopes, double? ExpiresIn);

/// <summary>The body that rotates a key; may be absent.</summary>
/// <param name="Grace">Seconds for which the secret before still holds; 0 where absent.</param>
internal sealed record RotateKey(double? Grace);

/// <summary>All keys.</summary>
internal sealed record KeyList(IReadOnlyList<KeyView> Keys);

/// <summary>A key as the control socket shows it.</summary>
/// <param name="Key">The key itself; only in the answer to the request that made or rotated it.</param>
internal sealed record KeyView(
    string Id,
    string Name,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? RotatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? PreviousSecretUntil,
    string? Key)
{
    public static KeyView Of(StoredKey key, string? text = null) =>
        new(key.Id, key.Name, key.Scopes.Names, key.CreatedAt, key.RotatedAt, key.ExpiresAt, key.PreviousUntil, text);
}
