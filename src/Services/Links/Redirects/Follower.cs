using System.Globalization;
using Groundwork.Links.Clicks;
using Microsoft.AspNetCore.Http;

namespace Groundwork.Links;

/// <summary>
/// <c>GET /{code}</c>: the path that nearly all requests take.
/// </summary>
/// <remarks>A plain request delegate: parameters bound by the framework, and results, cost more than the rest of it.</remarks>
internal sealed class Follower(CodeBook codes, RedirectCache redirects, ClickRecorder clicks, LinksOptions options, TimeProvider time)
{
    public Task FollowAsync(HttpContext http)
    {
        var code = CodeIn(http.Request.Path);
        if (!codes.Space.TryNumber(code, out var number))
            return DeadEnd.NotThereAsync(http, code.ToString());

        var now = time.GetUtcNow();
        return redirects.TryFind(number, now, out var target) ? AnswerAsync(http, code, number, target, now) : FindAsync(http, number);
    }

    private async Task FindAsync(HttpContext http, long number)
    {
        var target = await redirects.FindAsync(number, http.RequestAborted);
        await AnswerAsync(http, CodeIn(http.Request.Path), number, target, time.GetUtcNow());
    }

    private Task AnswerAsync(HttpContext http, ReadOnlySpan<char> code, long number, RedirectTarget? target, DateTimeOffset now)
    {
        if (target is null || (target.Alias is { } alias && !code.SequenceEqual(alias)))
            return DeadEnd.NotThereAsync(http, code.ToString());
        if (!target.IsLiveAt(now))
            return DeadEnd.GoneAsync(http, code.ToString(), target);

        var response = http.Response;
        response.StatusCode = target.Redirect;
        response.ContentLength = 0;
        response.Headers.Location = target.LocationWith(http.Request.QueryString.Value ?? "");
        response.Headers.CacheControl = target.Redirect is 301 or 308 ? PermanentFor(target, now) : "no-store";
        clicks.Record(http, number, now);
        return Task.CompletedTask;
    }

    // Never past the link's end.
    private string PermanentFor(RedirectTarget target, DateTimeOffset now)
    {
        var life = target.ExpiresAt is { } end && end - now < options.PermanentLife ? end - now : options.PermanentLife;
        return string.Create(CultureInfo.InvariantCulture, $"public, max-age={(long)life.TotalSeconds}");
    }

    private static ReadOnlySpan<char> CodeIn(PathString path) => path.Value.AsSpan().Trim('/');
}
