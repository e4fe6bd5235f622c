using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Groundwork.Platform.Http;

namespace Groundwork.Platform.Serving;

/// <summary>Reads JSON that is a part of a body, such as a line of NDJSON, as strictly as a body, and says as well what is wrong with it.</summary>
public static class JsonPart
{
    /// <summary>Reads a value.</summary>
    /// <param name="json">In UTF-8.</param>
    /// <param name="name">What it is to the caller, at the beginning of a sentence: <c>The row</c>.</param>
    /// <param name="value">The value, when true is returned.</param>
    /// <param name="problem">What is wrong with it, when false is.</param>
    public static bool TryRead<T>(
        ReadOnlySpan<byte> json, string name, [NotNullWhen(true)] out T? value, [NotNullWhen(false)] out ProblemResult? problem)
        where T : class
    {
        (value, problem) = (null, null);
        try
        {
            value = JsonSerializer.Deserialize(json, TypeInfo<T>.Value);
            if (value is null)
                problem = Problem.InvalidRequest.Result($"{name} must be {ExpectedJson.InWords(typeof(T))}.");
        }
        catch (JsonException e)
        {
            problem = JsonFault.Explain(e, typeof(T), name);
        }

        return value is not null;
    }

    private static class TypeInfo<T>
    {
        public static readonly JsonTypeInfo<T> Value = (JsonTypeInfo<T>)HttpJson.Options.GetTypeInfo(typeof(T));
    }
}
