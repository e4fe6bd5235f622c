using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Groundwork.Platform.Http;

namespace Groundwork.Platform.Serving;

/// <summary>What a caller should have sent, in words, from the type that the program reads it into.</summary>
internal static class ExpectedJson
{
    private static readonly Dictionary<Type, string> Words = new()
    {
        [typeof(string)] = "a string",
        [typeof(bool)] = "true or false",
        [typeof(byte)] = Whole(byte.MinValue, byte.MaxValue),
        [typeof(short)] = Whole(short.MinValue, short.MaxValue),
        [typeof(int)] = Whole(int.MinValue, int.MaxValue),
        [typeof(long)] = Whole(long.MinValue, long.MaxValue),
        [typeof(float)] = "a number",
        [typeof(double)] = "a number",
        [typeof(decimal)] = "a number",
        [typeof(DateTimeOffset)] = "a time such as 2026-01-31T12:00:00Z",
        [typeof(DateTime)] = "a time such as 2026-01-31T12:00:00Z",
        [typeof(DateOnly)] = "a date such as 2026-01-31",
        [typeof(Guid)] = "an id such as 123e4567-e89b-12d3-a456-426614174000",
        [typeof(Uri)] = "a URL",
        [typeof(byte[])] = "bytes in base64",
    };

    /// <summary>What is expected where a value of this type is read; begins with an article, ends without a full stop.</summary>
    public static string InWords(Type type)
    {
        var plain = Optional.ValueOf(Nullable.GetUnderlyingType(type) ?? type);
        if (Words.TryGetValue(plain, out var words))
            return words;
        if (plain.IsEnum)
            return "one of " + string.Join(", ", Enum.GetNames(plain).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));

        return HttpJson.Options.GetTypeInfo(plain) switch
        {
            { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } element } => $"a list, each of its items {InWords(element)}",
            { Kind: JsonTypeInfoKind.Dictionary, ElementType: { } element } => $"an object, each of its values {InWords(element)}",
            { Kind: JsonTypeInfoKind.Object } info when info.Properties.Count > 0 =>
                "an object with the members " + string.Join(", ", info.Properties.Select(p => p.Name)),
            { Kind: JsonTypeInfoKind.Object } => "an object",
            _ => "a value of the kind that /docs shows",
        };
    }

    private static string Whole(long min, long max) => $"a whole number from {min} to {max}";
}
