using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Groundwork.Platform.Http;

/// <summary>
/// JSON as the API speaks it: snake_case, enumerations by name, nothing said about what is null. What is read is read
/// strictly: no unknown member, no member twice, no null where none is expected.
/// </summary>
public static class HttpJson
{
    /// <summary>The options, ready for use.</summary>
    public static JsonSerializerOptions Options { get; } = Make();

    /// <summary>Gives other options the same conventions.</summary>
    public static void Apply(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DictionaryKeyPolicy = null;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.RespectNullableAnnotations = true;
        options.Converters.Add(new UtcTimeConverter());
        options.Converters.Add(new OptionalConverter());
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
    }

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
        Apply(options);
        options.MakeReadOnly();
        return options;
    }
}
