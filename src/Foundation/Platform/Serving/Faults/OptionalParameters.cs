using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;

namespace Groundwork.Platform.Serving;

/// <summary>
/// Refuses a request whose query has an optional number, or an optional true or false, that can't be read as one: what the
/// compiler makes to read a request takes an empty one for none, and answers one that it can't read with a 400 that names nothing.
/// </summary>
/// <remarks>Which parameters an endpoint has is found when it is mapped; one without any runs as if this were not here.</remarks>
internal static class OptionalParameters
{
    /// <summary>Has an endpoint's optional parameters checked before it runs.</summary>
    /// <exception cref="NotSupportedException">It has one of a type that nobody needed before; it is added here.</exception>
    public static void Check(EndpointBuilder endpoint)
    {
        (string Name, Func<string, bool> Reads, IParameterBindingMetadata Declared)[] parameters =
        [
            .. from parameter in endpoint.Metadata.OfType<IParameterBindingMetadata>()
               let type = Nullable.GetUnderlyingType(parameter.ParameterInfo.ParameterType)
               where type is not null
               select (RequestFault.NameOf(parameter), ReaderOf(type), parameter),
        ];
        if (parameters.Length == 0 || endpoint.RequestDelegate is not { } run)
            return;

        endpoint.RequestDelegate = http =>
        {
            foreach (var (name, reads, declared) in parameters)
            {
                if (http.Request.Query.TryGetValue(name, out var given) && !reads(given.ToString()))
                    return RequestFault.OfParameter(http, declared).ExecuteAsync(http);
            }

            return run(http);
        };
    }

    private static Func<string, bool> ReaderOf(Type type) =>
        type == typeof(int) ? text => int.TryParse(text, CultureInfo.InvariantCulture, out _)
        : type == typeof(bool) ? text => bool.TryParse(text, out _)
        : throw new NotSupportedException($"A query's optional parameter is a whole number, true or false, or a string, not a {type.Name}.");
}
