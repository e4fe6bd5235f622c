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

    private static async Task<IResult> ListAsync(KeyManagement keys, CancellationToken cancellationToken) =>
        Results.Ok(new KeyList(await keys.ListAsync(cancellationToken)));

    private static async Task<IResult> MakeAsync(MakeKey body, KeyManagement keys, CancellationToken cancellationToken) =>
        Answer(await keys.MakeAsync(Principal.Control, body, cancellationToken), key => Results.Created($"/keys/{key.Id}", key));

    private static async Task<IResult> RotateAsync(string key, RotateKey? body, KeyManagement keys, CancellationToken cancellationToken) =>
        Answer(await keys.RotateAsync(Principal.Control, key, body, cancellationToken), Results.Ok);

    private static async Task<IResult> RevokeAsync(string key, KeyManagement keys, CancellationToken cancellationToken) =>
        Answer(await keys.RevokeAsync(key, cancellationToken), _ => Results.NoContent());

    private static IResult Answer(KeyAnswer answer, Func<KeyView, IResult> done) => answer.Problem ?? done(answer.Key!);
}

/// <summary>All keys.</summary>
internal sealed record KeyList(IReadOnlyList<KeyView> Keys);
