using Microsoft.AspNetCore.Http;

namespace Groundwork.Links;

/// <summary><c>GET /v1/urls/{code}</c>.</summary>
internal static class ReadEndpoint
{
    public static async Task<IResult> HandleAsync(
        string code, HttpContext http, Shortener shortener, LinksOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await shortener.FindAsync(code, cancellationToken) is not { } link)
            return LinksProblems.NotThere(code);
        var view = LinkView.Of(link, http.Request, options, time.GetUtcNow());
        return view.Tag().Ok(view);
    }
}
