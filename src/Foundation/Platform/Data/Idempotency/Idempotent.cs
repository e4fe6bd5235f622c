using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Groundwork.Platform.Access;
using Groundwork.Platform.Http;
using Groundwork.Ports.Database;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Groundwork.Platform.Data;

/// <summary>
/// Creates that may be sent again: with an <c>Idempotency-Key</c> the effect happens once, and every retry gets the first
/// answer, with <c>Idempotency-Replayed: true</c>. Without one, the work runs as it is.
/// </summary>
/// <remarks>
/// Whoever asks is told 400 for a key that is none, 422 for a key of another request, 409 with <c>Retry-After</c> where the
/// first request is still under way.
/// </remarks>
public static class Idempotent
{
    /// <summary>The header's name.</summary>
    public const string Header = "Idempotency-Key";

    private const string ReplayedHeader = "Idempotency-Replayed";

    private const int MaxKeyLength = 255;

    /// <summary>Whether the request carries a key, be it a bad one.</summary>
    public static bool IsAsked(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Request.Headers.ContainsKey(Header);
    }

    /// <summary>Runs the work once for all calls of the request: effect, claim and answer commit in one transaction.</summary>
    /// <param name="context">The request.</param>
    /// <param name="database">Where the effect is.</param>
    /// <param name="store">The requests of the same database.</param>
    /// <param name="distributionKey">The distribution key of what is changed.</param>
    /// <param name="content">What the caller sent, as it was read; another content under the same key is refused.</param>
    /// <param name="work">The effect and its answer, by the rules of <see cref="IDatabase.TransactAsync{T}"/>.</param>
    /// <exception cref="DatabaseException">The database failed; sending the request again finds out what was done.</exception>
    public static async Task<IResult> RunAsync<TContent>(
        HttpContext context,
        IDatabase database,
        IdempotencyStore store,
        string distributionKey,
        TContent content,
        Func<ITransaction, ValueTask<StoredAnswer>> work)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(store);
        if (!TryReadKey(context.Request, out var key))
            return BadKey;
        if (key is null)
            return await database.TransactAsync(distributionKey, work, context.RequestAborted);

        var request = new IdempotentRequest(
            distributionKey, PrincipalOf(context), OperationOf(context), key, Fingerprint(context.Request, content));
        var result = await store.RunAsync(request, async transaction => (await work(transaction)).ToBytes(), context.RequestAborted);
        return Kept(result) is { } answer ? answer : Refusal(result);
    }

    /// <summary>
    /// For an effect that has another distribution key than the request, such as a row whose key the server chooses: what will
    /// be done is decided and kept first, then brought about. A crash between the two is healed by the retry.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="store">Where the decision is kept, spread by principal and key.</param>
    /// <param name="content">What the caller sent, as it was read; another content under the same key is refused.</param>
    /// <param name="decide">Decides the answer, and so what will be done, changing nothing that a retry would miss: numbers may
    /// be taken and never used.</param>
    /// <param name="bringAbout">Does what an answer says, durably. It runs for the first call and for every retry, so it does
    /// nothing where that is done already.</param>
    /// <exception cref="DatabaseException">The database failed; sending the request again finds out what was done.</exception>
    public static async Task<IResult> DecideAsync<TContent>(
        HttpContext context,
        IdempotencyStore store,
        TContent content,
        Func<ValueTask<StoredAnswer>> decide,
        Func<StoredAnswer, Task> bringAbout)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(decide);
        ArgumentNullException.ThrowIfNull(bringAbout);
        if (!TryReadKey(context.Request, out var key))
            return BadKey;

        StoredAnswer answer;
        if (key is null)
        {
            answer = await decide();
        }
        else
        {
            var principal = PrincipalOf(context);
            var distributionKey = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{principal}\n{key}")));
            var request = new IdempotentRequest(
                distributionKey, principal, OperationOf(context), key, Fingerprint(context.Request, content));
            var result = await DecideOnceAsync(store, request, decide, context.RequestAborted);
            if (Kept(result) is not { } kept)
                return Refusal(result);
            answer = kept;
        }

        await bringAbout(answer);
        return answer;
    }

    // What was decided before comes first: a decision may depend on what bringing it about has changed.
    private static async Task<IdempotencyResult> DecideOnceAsync(
        IdempotencyStore store, IdempotentRequest request, Func<ValueTask<StoredAnswer>> decide, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(request, cancellationToken) is { } known)
            return known;
        try
        {
            var bytes = (await decide()).ToBytes();
            return await store.RunAsync(request, _ => new(bytes), cancellationToken);
        }
        catch (ProblemException)
        {
            // Refused; unless a retry that ran at the same time was not, and this is what it was refused for.
            if (await store.FindAsync(request, cancellationToken) is { } decided)
                return decided;
            throw;
        }
    }

    private static ProblemResult BadKey =>
        Problem.InvalidRequest.Result($"{Header} must be one key of 1 to {MaxKeyLength} visible ASCII characters.") with { Member = Header };

    // Null where the request was refused.
    private static StoredAnswer? Kept(IdempotencyResult result) => result switch
    {
        IdempotencyResult.Executed executed => StoredAnswer.FromBytes(executed.Response),
        IdempotencyResult.Replayed replayed => StoredAnswer.FromBytes(replayed.Response).With(ReplayedHeader, "true"),
        _ => null,
    };

    private static ProblemResult Refusal(IdempotencyResult result) => result is IdempotencyResult.InFlight inFlight
        ? Problem.IdempotencyInFlight.Result("The first request with this key has not ended yet.") with { RetryAfter = inFlight.RetryAfter }
        : Problem.IdempotencyKeyReused.Result("This key was used for a request with another address or body; make a new key.");

    private static string PrincipalOf(HttpContext context) => context.GetPrincipal()?.Id ?? "public";

    // Null where none was sent; false where what was sent is no key.
    private static bool TryReadKey(HttpRequest request, out string? key)
    {
        var sent = request.Headers[Header];
        key = sent.Count == 0 ? null : sent.ToString();
        return sent.Count == 0 || (sent.Count == 1 && key!.Length is > 0 and <= MaxKeyLength && key.All(c => c is > ' ' and <= '~'));
    }

    private static string OperationOf(HttpContext context) =>
        $"{context.Request.Method} {(context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText}";

    private static byte[] Fingerprint<TContent>(HttpRequest request, TContent content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Path}{request.QueryString}\n"));
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(content, HttpJson.Options));
        return hash.GetHashAndReset();
    }
}
