using Microsoft.AspNetCore.Routing;

namespace Groundwork.Platform.Access;

/// <summary>Finds endpoints that nobody decided about.</summary>
public static class EndpointAccessCheck
{
    /// <summary>The names of the endpoints without <see cref="EndpointAccess"/>, other than those of the control socket.</summary>
    public static IReadOnlyList<string> Undecided(params IEnumerable<EndpointDataSource> sources) =>
    [
        .. sources.SelectMany(s => s.Endpoints)
            .Where(e => e.Metadata.GetMetadata<EndpointAccess>() is null && e.Metadata.GetMetadata<ControlOnly>() is null)
            .Select(e => e.DisplayName ?? e.ToString()!)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Refuses to go on while there is such an endpoint.</summary>
    /// <exception cref="InvalidOperationException">There is; the message names all of them. A bug of the module's.</exception>
    internal static void Require(IEnumerable<EndpointDataSource> sources)
    {
        var undecided = Undecided(sources);
        if (undecided.Count > 0)
        {
            throw new InvalidOperationException(
                $"Nobody decided who may call {string.Join(", ", undecided)}. Say it where they are mapped: RequireScope(…) or Public(…).");
        }
    }
}
