using Groundwork.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Groundwork.Links;

/// <summary><c>PATCH /v1/urls/{code}</c>, a JSON merge patch, and <c>DELETE /v1/urls/{code}</c>.</summary>
internal static class EditEndpoint
{
    public static async Task<IResult> EditAsync(
        string code, EditLink body, HttpContext http, LinkRules rules, Shortener shortener, LinksOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var result = await shortener.ChangeAsync(
            code,
            was => Refuse(was) is { } refused ? new ChangeResult.Refused(refused)
                : rules.TryApply(body, was, http.Request.Host, out var edited, out var problem) ? new ChangeResult.Changed(edited)
                : new ChangeResult.Refused(problem),
            cancellationToken);
        if (result is not ChangeResult.Changed changed)
            return Failure(code, result);
        var view = View(changed.Link);
        return view.Tag().On(Results.Ok(view));

        ProblemResult? Refuse(Link link) => EntityTag.Refuse(http.Request, View(link).Tag());

        LinkView View(Link link) => LinkView.Of(link, http.Request, options, time.GetUtcNow());
    }

    public static async Task<IResult> DeleteAsync(
        string code, HttpContext http, Shortener shortener, LinksOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var result = await shortener.ChangeAsync(
            code,
            was => EntityTag.Refuse(http.Request, LinkView.Of(was, http.Request, options, time.GetUtcNow()).Tag()) is { } refused
                ? new ChangeResult.Refused(refused)
                : new ChangeResult.Changed(was with { State = LinkState.Deleted }),
            cancellationToken);
        return result is ChangeResult.Changed ? Results.NoContent() : Failure(code, result);
    }

    private static ProblemResult Failure(string code, ChangeResult result) => result switch
    {
        ChangeResult.NotThere => LinksProblems.NotThere(code),
        ChangeResult.Refused refused => refused.Problem,
        ChangeResult.Contended => Problem.Unavailable.Result("Others keep changing this link; send the request again.") with { RetryAfter = TimeSpan.FromSeconds(1) },
        _ => throw new InvalidOperationException($"{result} is no failure."),
    };
}

/// <summary>What is to change of a link; what is absent stays, and null takes away what can be missing.</summary>
internal sealed record EditLink
{
    /// <summary>Where it leads.</summary>
    public Optional<string> LongUrl { get; init; }

    /// <summary>For how many seconds from now it leads there. Not together with <see cref="ExpiresAt"/>.</summary>
    public Optional<long?> Ttl { get; init; }

    /// <summary>Until when it leads there; null for ever.</summary>
    public Optional<DateTimeOffset?> ExpiresAt { get; init; }

    /// <summary>The status of the redirect: 301, 302, 307 or 308.</summary>
    public Optional<int?> Redirect { get; init; }

    /// <summary>Whether the follower's query string is added to the address.</summary>
    public Optional<bool?> ForwardQuery { get; init; }

    /// <summary>Whether it is switched off: it then answers 410.</summary>
    public Optional<bool?> Disabled { get; init; }

    /// <summary>A label to find it by.</summary>
    public Optional<string> Owner { get; init; }

    /// <summary>Labels to find it by, all of them.</summary>
    public Optional<IReadOnlyList<string>> Tags { get; init; }

    /// <summary>What people call it.</summary>
    public Optional<string> Title { get; init; }
}
