using System.Text.Json;
using Groundwork.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Groundwork.Platform.Serving;

/// <summary>
/// Says what is wrong with a request that could not be read: which member or parameter, what was found and what is
/// expected, in the API's words rather than the program's.
/// </summary>
/// <remarks>
/// The framework's exceptions say where; their texts name .NET types, so what is expected is said anew from the types that
/// the endpoint declares.
/// </remarks>
internal static class RequestFault
{
    public static ProblemResult Explain(HttpContext context, BadHttpRequestException failure)
    {
        if (failure.StatusCode != StatusCodes.Status400BadRequest)
            return FailureMiddleware.OfStatus(context, failure.StatusCode);

        var endpoint = context.GetEndpoint();
        if (failure.InnerException is JsonException json)
            return JsonFault.Explain(json, endpoint?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType);

        foreach (var parameter in endpoint?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>() ?? [])
        {
            // The framework writes the parameter as "Type name".
            if (failure.Message.Contains($" {parameter.Name}\"", StringComparison.Ordinal))
                return OfParameter(context, parameter);
        }

        return failure.Message.Contains("no body was provided", StringComparison.Ordinal)
            ? Problem.InvalidRequest.Result("The request has no body; this endpoint reads JSON.")
            : Problem.InvalidRequest.Result("The request is not well-formed HTTP, or its body ended early.");
    }

    /// <summary>Says that a parameter is missing, or that it is not what the endpoint declares.</summary>
    public static ProblemResult OfParameter(HttpContext context, IParameterBindingMetadata parameter)
    {
        var request = context.Request;
        var name = NameOf(parameter);
        var expected = ExpectedJson.InWords(parameter.ParameterInfo.ParameterType);
        var given = request.RouteValues[name]?.ToString() ?? (request.Query.TryGetValue(name, out var query) ? query.ToString() : null)
            ?? (request.Headers.TryGetValue(name, out var header) ? header.ToString() : null);
        var detail = given is null
            ? $"The parameter {name} is required: {expected}."
            : $"The parameter {name} must be {expected}, not '{Shown.Text(given)}'.";
        return Problem.InvalidRequest.Result(detail) with { Member = name };
    }

    /// <summary>A parameter's name as callers know it, where that isn't the name that the program gave it.</summary>
    public static string NameOf(IParameterBindingMetadata parameter)
    {
        var attributes = parameter.ParameterInfo.GetCustomAttributes(inherit: true);
        return attributes.OfType<IFromQueryMetadata>().FirstOrDefault()?.Name
            ?? attributes.OfType<IFromHeaderMetadata>().FirstOrDefault()?.Name
            ?? parameter.Name;
    }
}
