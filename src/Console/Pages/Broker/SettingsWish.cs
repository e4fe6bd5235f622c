using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Groundwork.Console.Pages.Broker;

/// <summary>What somebody wants to be set of a topic, as it was typed: shown again where it was refused, and what the request is made of. Immutable.</summary>
/// <param name="Typed">By Kafka's names; empty for the default.</param>
public sealed record SettingsWish(IReadOnlyDictionary<string, string> Typed)
{
    // Names of settings have dots of their own, and a form has other fields.
    private const string Mark = "set.";

    /// <summary>What the field of a setting is called.</summary>
    public static string FieldOf(string setting) => Mark + setting;

    /// <summary>What is set now, which is where the form begins.</summary>
    public static SettingsWish Of(IReadOnlyList<ShownSetting> settings) => new(settings.Where(s => s.IsSet).ToDictionary(s => s.Name, s => s.Value, StringComparer.Ordinal));

    internal static SettingsWish Of(IFormCollection form) => new(
        form.Where(field => field.Key.StartsWith(Mark, StringComparison.Ordinal))
            .ToDictionary(field => field.Key[Mark.Length..], field => field.Value.ToString().Trim(), StringComparer.Ordinal));

    /// <summary>What stands in the field of a setting.</summary>
    public string this[string setting] => Typed.GetValueOrDefault(setting, "");

    /// <summary>The body that asks for it.</summary>
    internal JsonObject ToBody()
    {
        var settings = new JsonObject();
        foreach (var (name, value) in Typed)
            settings[name] = value.Length > 0 ? value : null;
        return new JsonObject { ["settings"] = settings };
    }
}
