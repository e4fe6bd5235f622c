using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Groundwork.Console.Pages.Cache;

/// <summary>What a value looks like to people: JSON with its parts indented, a number, a text, or bytes. Immutable.</summary>
/// <param name="Look">What it was taken for.</param>
/// <param name="Shown">As it is shown.</param>
public sealed record DecodedValue(ValueLook Look, string Shown)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The look in words.</summary>
    public string Name => Look switch { ValueLook.Json => "JSON", ValueLook.Number => "whole number", ValueLook.Bytes => "bytes", _ => "text" };

    /// <summary>Decodes what the API shows of a value.</summary>
    /// <param name="text">The text that it is, or null.</param>
    /// <param name="base64">The bytes, where it is no text.</param>
    public static DecodedValue Of(string? text, string? base64)
    {
        if (text is null)
            return new DecodedValue(ValueLook.Bytes, Hex.Lines(Convert.FromBase64String(base64 ?? "")));
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            return new DecodedValue(ValueLook.Number, text);
        if (text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')))
            return new DecodedValue(ValueLook.Bytes, Hex.Lines(System.Text.Encoding.UTF8.GetBytes(text)));
        return text.AsSpan().TrimStart() is ['{' or '[', ..] && Json(text) is { } json
            ? new DecodedValue(ValueLook.Json, json)
            : new DecodedValue(ValueLook.Text, text);
    }

    private static string? Json(string text)
    {
        try
        {
            return JsonNode.Parse(text)?.ToJsonString(Indented);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>What a value is taken for.</summary>
public enum ValueLook
{
    /// <summary>Words.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>An object or a list of JSON.</summary>
    Json,

    /// <summary>Neither: its bytes.</summary>
    Bytes,
}
