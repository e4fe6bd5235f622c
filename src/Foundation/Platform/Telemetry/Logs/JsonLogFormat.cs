using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Groundwork.Platform.Telemetry;

/// <summary>One line of JSON an entry: <c>time level category message values trace_id exception</c>.</summary>
internal sealed class JsonLogFormat : ILogFormat
{
    // The template of the message, which is in the program's source.
    private const string Template = "{OriginalFormat}";

    // The log is no web page: quotes and letters beyond ASCII stay legible. Control characters are always escaped.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public byte[] Write(in LogEntry entry)
    {
        var line = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(line, Options))
        {
            json.WriteStartObject();
            json.WriteString("time"u8, entry.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("level"u8, entry.Level.ToString().ToLowerInvariant());
            json.WriteString("category"u8, entry.Category);
            json.WriteString("message"u8, entry.Message);
            WriteValues(json, entry.Values);
            if (entry.TraceId is not null)
                json.WriteString("trace_id"u8, entry.TraceId);
            if (entry.Exception is not null)
                json.WriteString("exception"u8, entry.Exception.ToString());
            json.WriteEndObject();
        }

        line.Write("\n"u8);
        return line.WrittenSpan.ToArray();
    }

    private static void WriteValues(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        var begun = false;
        foreach (var (name, value) in values)
        {
            if (name == Template)
                continue;
            if (!begun)
                json.WriteStartObject("values"u8);
            begun = true;
            json.WritePropertyName(name);
            WriteValue(json, value);
        }

        if (begun)
            json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            default:
                json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
