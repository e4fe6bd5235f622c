using System.Globalization;
using System.Text.Json;
using Groundwork.Ports.Settings;

namespace Groundwork.Platform.Settings;

/// <summary>
/// Reads the file of settings: one JSON object, comments and trailing commas allowed, sections nested or written with a
/// colon (<c>"Http": { "Listen": "…" }</c> or <c>"Http:Listen": "…"</c>).
/// </summary>
/// <remarks>
/// The configuration library's own reader gives an array's items names of their own and stops at the first thing that it
/// does not like; this one keeps apart what operators confuse, and finds everything at once. Problems never repeat the
/// file's text, which may hold a secret: they say where to look.
/// </remarks>
internal static class SettingsFile
{
    /// <summary>The largest file that is read, in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Reads settings and problems out of a file that is there.</summary>
    /// <returns>Why the file as a whole could not be read, as the end of a sentence; null when it could.</returns>
    public static string? Read(string path, List<WrittenSetting> written, List<SettingError> errors)
    {
        try
        {
            // A pipe has no length either, and opening one may wait for ever.
            if (new FileInfo(path).Length is var length and (0 or > MaxBytes))
                return length == 0 ? "is empty, or not a regular file" : $"is larger than {SettingText.Size(MaxBytes)}";
            var bytes = File.ReadAllBytes(path);
            using var document = JsonDocument.Parse(bytes.AsMemory(Start(bytes)), Lenient);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return "is not one JSON object";
            Walk(document.RootElement, "", Path.GetFileName(path), written, errors);
            return null;
        }
        catch (JsonException e)
        {
            return string.Create(
                CultureInfo.InvariantCulture, $"is not JSON at line {(e.LineNumber ?? 0) + 1}, byte {(e.BytePositionInLine ?? 0) + 1}");
        }
        catch (InvalidOperationException)
        {
            return "is not UTF-8 text";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"cannot be read: {e.Message}";
        }
    }

    // Editors on Windows put a byte-order mark in front.
    private static int Start(ReadOnlySpan<byte> bytes) => bytes.StartsWith("\uFEFF"u8) ? 3 : 0;

    private static void Walk(JsonElement element, string prefix, string file, List<WrittenSetting> written, List<SettingError> errors)
    {
        foreach (var property in element.EnumerateObject())
        {
            var name = prefix + property.Name;
            if (property.Value.ValueKind == JsonValueKind.Object)
                Walk(property.Value, name + ":", file, written, errors);
            else if (property.Value.ValueKind == JsonValueKind.Array)
                errors.Add(new SettingError(name, $"(from {file}) is an array", "Write it as one string, with commas between its items."));
            else if (written.FirstOrDefault(w => string.Equals(w.Name, name, StringComparison.OrdinalIgnoreCase)) is { } twice)
                errors.Add(new SettingError(name, $"(from {file}) is there twice{Spelling(twice.Name, name)}", "Keep one of the two."));
            else if (property.Value.ValueKind != JsonValueKind.Null)
                written.Add(new WrittenSetting(name, Text(property.Value), file));
        }
    }

    private static string Spelling(string first, string second) => first == second ? "" : $", also as {first}: case makes no difference";

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.String => value.GetString()!,
        _ => value.GetRawText(),
    };
}
