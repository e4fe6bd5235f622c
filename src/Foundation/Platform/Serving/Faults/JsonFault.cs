using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Groundwork.Platform.Http;
using Groundwork.Primitives;

namespace Groundwork.Platform.Serving;

/// <summary>Says what is wrong with a JSON body, by walking the failure's path through the type that was expected.</summary>
internal static class JsonFault
{
    private const string MissingMarker = "including: ";

    /// <param name="failure">What the serializer found; its path and position are used, its text names .NET types.</param>
    /// <param name="bodyType">What the endpoint reads; null where that isn't known.</param>
    /// <param name="name">What was read, at the beginning of a sentence.</param>
    public static ProblemResult Explain(JsonException failure, Type? bodyType, string name = "The body")
    {
        // The reader's own failures (not JSON at all) come wrapped; the serializer's (JSON of the wrong shape) do not.
        if (bodyType is null || failure.InnerException is JsonException)
            return Malformed(failure, name);

        if (MissingMembers(failure.Message) is { } missing)
            return Problem.InvalidRequest.Result($"{missing} is required.");

        var path = JsonPath.Parse(failure.Path ?? "$");
        var member = JsonPath.Show(path);
        var (found, owner) = Walk(bodyType, path);
        var detail = failure switch
        {
            _ when failure.Message.StartsWith("Duplicate property", StringComparison.Ordinal) => $"{member} stands more than once.",
            _ when found is not null && member.Length == 0 => $"{name} must be {ExpectedJson.InWords(found)}.",
            _ when found is not null => $"{member} must be {ExpectedJson.InWords(found)}.",
            _ when owner is not null => Unknown(member, path[^1], owner),
            _ => $"{name} is not what this endpoint reads.",
        };
        return Problem.InvalidRequest.Result(detail) with { Member = member.Length == 0 ? null : member };
    }

    private static ProblemResult Malformed(JsonException failure, string name) =>
        Problem.InvalidRequest.Result(failure is { LineNumber: { } line, BytePositionInLine: { } position }
            ? string.Create(CultureInfo.InvariantCulture, $"{name} is not valid JSON: look at line {line + 1}, byte {position + 1}.")
            : $"{name} is not valid JSON.");

    private static string? MissingMembers(string message)
    {
        var at = message.IndexOf(MissingMarker, StringComparison.Ordinal);
        if (at < 0)
            return null;
        var names = message[(at + MissingMarker.Length)..].TrimEnd('.').Replace("'", "", StringComparison.Ordinal);
        return names.Split('.')[0].Trim();
    }

    private static string Unknown(string member, string name, JsonTypeInfo owner)
    {
        var known = owner.Properties.Where(p => p.Set is not null || p.AssociatedParameter is not null).Select(p => p.Name).ToList();
        var hint = EditDistance.Nearest(name, known) is { } nearest
            ? $"Did you mean {nearest}?"
            : known.Count == 0 ? "None is expected here." : $"The members are {string.Join(", ", known)}.";
        return $"{member} is not a member that is known here. {hint}";
    }

    // The type at the path's end; or, where the path leads to a member that its object doesn't have, that object.
    private static (Type? Found, JsonTypeInfo? Owner) Walk(Type type, IReadOnlyList<string> path)
    {
        for (var i = 0; i < path.Count; i++)
        {
            var info = HttpJson.Options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
            if (info.Kind is JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary && info.ElementType is { } element)
            {
                type = element;
                continue;
            }

            var property = info.Properties.FirstOrDefault(p => string.Equals(p.Name, path[i], StringComparison.OrdinalIgnoreCase));
            if (property is null)
                return (null, info.Kind == JsonTypeInfoKind.Object && i == path.Count - 1 ? info : null);
            type = property.PropertyType;
        }

        return (type, null);
    }
}
