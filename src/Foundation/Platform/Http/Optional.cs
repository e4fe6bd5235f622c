using System.Text.Json;
using System.Text.Json.Serialization;

namespace Groundwork.Platform.Http;

/// <summary>
/// A member of a JSON merge patch (RFC 7396): absent leaves what is there, null takes it away, a value replaces it.
/// </summary>
/// <remarks>Null is refused where the value's type has none: <c>Optional&lt;int?&gt;</c> can be taken away, <c>Optional&lt;int&gt;</c>
/// cannot. It is for reading: written, absent and null are the same.</remarks>
/// <param name="Value">What was sent; the default where nothing was.</param>
public readonly record struct Optional<T>(T? Value) : IOptional
{
    /// <summary>Whether the member was sent, be it as null.</summary>
    public bool IsSet { get; } = true;

    /// <summary>What was sent, or what is there.</summary>
    public T? Or(T? current) => IsSet ? Value : current;
}

/// <summary>Says that a type is an <see cref="Optional{T}"/>.</summary>
internal interface IOptional;

internal static class Optional
{
    /// <summary>The type of the value, where a type is optional; the type itself otherwise. Null is let through by either.</summary>
    public static Type ValueOf(Type type) => typeof(IOptional).IsAssignableFrom(type)
        ? Nullable.GetUnderlyingType(type.GetGenericArguments()[0]) ?? type.GetGenericArguments()[0]
        : type;
}

internal sealed class OptionalConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => Optional.ValueOf(typeToConvert) != typeToConvert;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Of<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    private sealed class Of<T> : JsonConverter<Optional<T>>
    {
        public override bool HandleNull => true;

        // By the value's own converter, so that a failure inside is reported with the path to this member, from the root.
        public override Optional<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(reader.TokenType == JsonTokenType.Null && default(T) is null ? default : ((JsonConverter<T>)options.GetConverter(typeof(T))).Read(ref reader, typeof(T), options));

        public override void Write(Utf8JsonWriter writer, Optional<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Value, options);
    }
}
