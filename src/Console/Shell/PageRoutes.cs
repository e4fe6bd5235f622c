using Groundwork.Platform.Http;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Console.Shell;

/// <summary>How areas map their pages and actions. Each still says who may call it: <c>.RequireScope(…)</c> or <c>.Public(…)</c>.</summary>
internal static class PageRoutes
{
    /// <summary>A page: a component in the shell. It finds its request in the cascading <see cref="Viewer"/>.</summary>
    public static IEndpointConventionBuilder MapPage<TPage>(this IEndpointRouteBuilder routes, string pattern, string title)
        where TPage : IComponent => routes
        .MapGet(pattern, http => http.RequestServices.GetRequiredService<PageRenderer>().ShowAsync(http, typeof(TPage), title))
        .ExcludeFromDescription();

    /// <summary>An action: what a form posts, answered by where to go on. Its form begins with <see cref="ForgeryToken"/>.</summary>
    public static IEndpointConventionBuilder MapAction(
        this IEndpointRouteBuilder routes, string pattern, Func<HttpContext, IFormCollection, Task<IResult>> act) => routes
        .MapPost(pattern, async http =>
        {
            var result = await HttpForm.TryReadAsync(http.Request) is { } form
                ? await http.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(http)
                    ? await act(http, form)
                    : Problem.CrossOrigin.Result("The form is not from a page of this console that is still valid. Load the page again and repeat it.")
                : Problem.InvalidRequest.Result("What was sent is no form that can be read, or too large a one. This address takes forms of the console's own pages.");
            await result.ExecuteAsync(http);
        })
        .ExcludeFromDescription();

    /// <summary>On to a page of the console, as the answer to an action; what became of it is told there.</summary>
    /// <param name="http">The action's request.</param>
    /// <param name="address">Where to; by 303, so that loading it again repeats nothing.</param>
    /// <param name="notice">What became of it.</param>
    public static IResult GoOn(this HttpContext http, string address, Notice? notice = null)
    {
        notice?.Leave(http);
        http.Response.Headers.Location = address;
        http.Response.Headers.CacheControl = "no-store";
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>A page as the answer to an action, for what may be shown this once only.</summary>
    public static IResult Page<TPage>(string title, IReadOnlyDictionary<string, object?> parameters, int status = StatusCodes.Status200OK)
        where TPage : IComponent => new PageAnswer(typeof(TPage), title, parameters, status);

    private sealed class PageAnswer(Type page, string title, IReadOnlyDictionary<string, object?> parameters, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) =>
            httpContext.RequestServices.GetRequiredService<PageRenderer>().ShowAsync(httpContext, page, title, parameters, status);
    }
}
