using System.Text.Json;
using Groundwork.Platform.Data;
using Groundwork.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Groundwork.Links;

/// <summary><c>POST /v1/urls</c>.</summary>
internal static class CreateEndpoint
{
    public static async Task<IResult> HandleAsync(
        CreateLink body,
        HttpContext http,
        LinkRules rules,
        Shortener shortener,
        LinkStore store,
        LinksOptions options,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (!rules.TryRead(body, http.Request.Host, out var request, out var problem))
            return problem;
        if (!Idempotent.IsAsked(http))
            return Answer(await shortener.MakeAsync(request, cancellationToken));

        // A link is spread by its number, which is ours to choose, and the request by its key: decided first, stored then.
        return await Idempotent.DecideAsync(
            http, store.Requests, body, async () => Answer(await shortener.DecideAsync(request, cancellationToken)), BringAboutAsync);

        StoredAnswer Answer(MakeResult result) => result switch
        {
            MakeResult.Made made => Created(made.Link),
            MakeResult.Existing existing => Found(existing.Link),
            MakeResult.AliasTaken taken => throw new ProblemException(LinksProblems.Taken(taken.Alias)),
            _ => throw new InvalidOperationException($"{result} is no answer."),
        };

        StoredAnswer Created(Link link)
        {
            var view = LinkView.Of(link, http.Request, options, time.GetUtcNow());
            return StoredAnswer.Created($"/v1/urls/{link.Code}", view.Tag(), view);
        }

        StoredAnswer Found(Link link) => Created(link) with { Status = StatusCodes.Status200OK };

        async Task BringAboutAsync(StoredAnswer answer)
        {
            if (answer.Status != StatusCodes.Status201Created)
                return;
            var view = JsonSerializer.Deserialize<LinkView>(answer.Body, HttpJson.Options)!;
            if (!await shortener.StoreDecidedAsync(shortener.Redraft(view.Code, request, view.CreatedAt, view.ToContent()), cancellationToken))
                throw new ProblemException(LinksProblems.Taken(view.Code));
        }
    }
}

/// <summary>The body that makes a link.</summary>
/// <param name="LongUrl">Where it leads: an absolute http or https URL of at most 8,192 bytes.</param>
/// <param name="CustomAlias">The code it is to have: 3 to 64 of 0-9, A-Z, a-z, _ and -; absent for one that is drawn.</param>
/// <param name="Ttl">For how many seconds from now it leads there; absent for ever. Not together with <paramref name="ExpiresAt"/>.</param>
/// <param name="ExpiresAt">Until when it leads there; absent for ever.</param>
/// <param name="Redirect">The status of the redirect: 301, 302 (the default), 307 or 308. Permanent ones are kept by browsers, and not counted then.</param>
/// <param name="ForwardQuery">Whether the follower's query string is added to the address; by default not.</param>
/// <param name="Owner">A label to find it by, of at most 128 characters. It grants nothing.</param>
/// <param name="Tags">Labels to find it by: at most 16, of at most 64 characters each.</param>
/// <param name="Title">What people call it, in at most 512 characters.</param>
/// <param name="Dedupe">Whether a live link of the same owner to the same address that was made with dedupe will do: it is the answer then, with 200, whatever else it is made of.</param>
internal sealed record CreateLink(
    string? LongUrl,
    string? CustomAlias = null,
    long? Ttl = null,
    DateTimeOffset? ExpiresAt = null,
    int? Redirect = null,
    bool? ForwardQuery = null,
    string? Owner = null,
    IReadOnlyList<string>? Tags = null,
    string? Title = null,
    bool? Dedupe = null);
