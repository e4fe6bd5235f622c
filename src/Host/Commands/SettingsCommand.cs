using System.CommandLine;
using Groundwork.Host.Help;
using Groundwork.Host.Output;
using Groundwork.Host.Settings;
using Groundwork.Platform.Settings;
using Groundwork.Ports.Settings;
using Groundwork.Primitives;

namespace Groundwork.Host.Commands;

/// <summary><c>groundwork settings</c>: every setting, its value in force and where that comes from.</summary>
internal static class SettingsCommand
{
    public static Command Create(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var section = new Argument<string?>("SECTION") { Description = "Only this section, such as Http.", Arity = ArgumentArity.ZeroOrOne };
        var json = CommonOptions.Json();
        var markdown = new Option<bool>("--markdown") { Description = "Print the page docs/settings.md, without values." };
        var command = new Command("settings", "Show every setting: value, origin, default, range.") { section, json, markdown };
        command.SetAction(parsed =>
        {
            var screen = Screen.Of(parsed);
            if (parsed.GetValue(markdown))
            {
                screen.Line(SettingsMarkdown.Page(SettingsReader.Catalog(ModuleCatalog.Create())).TrimEnd('\n'));
                return ExitCode.Done;
            }

            return Run(screen, parsed.InvocationConfiguration.Error, settings, parsed.GetValue(section), parsed.GetValue(json));
        });
        return command.WithExamples("groundwork settings Http", "groundwork settings --json --Http:Listen=127.0.0.1:8081");
    }

    private static int Run(
        Screen screen, TextWriter error, IReadOnlyList<KeyValuePair<string, string>> settings, string? section, bool json)
    {
        var (_, result) = SettingsInForce.Read(settings);
        var sections = result.Values.All.Select(v => v.Setting.Section).Distinct().ToList();
        if (section is not null && !sections.Contains(section, StringComparer.OrdinalIgnoreCase))
        {
            error.WriteLine(EditDistance.Nearest(section, sections) is { } nearest
                ? $"There is no section '{section}'. Did you mean {nearest}?"
                : $"There is no section '{section}'. There are {string.Join(", ", sections)}.");
            return ExitCode.Misused;
        }

        var shown = result.Values.All.Where(v => section is null || string.Equals(v.Setting.Section, section, StringComparison.OrdinalIgnoreCase)).ToList();
        if (json)
            WriteJson(screen, shown, result);
        else
            Write(screen, shown, result.Unused);

        if (!json)
        {
            foreach (var problem in result.Errors)
                error.WriteLine(SettingsInForce.Describe(problem));
        }

        return result.Errors.Count == 0 ? ExitCode.Done : ExitCode.Misused;
    }

    private static void Write(Screen screen, IReadOnlyList<SettingValue> values, IReadOnlyList<WrittenSetting> unused)
    {
        foreach (var value in values)
        {
            var setting = value.Setting;
            screen.Marked($"[bold]{setting.Name}[/] = {value.Shown} [dim]({Origin(value)})[/]");
            screen.Line($"    {setting.Description}");
            screen.Line($"    Range: {setting.Range}.");
        }

        foreach (var written in unused)
            screen.Marked($"[yellow]Unused[/] {written.Name} (from {written.Origin}): its module is not there yet");
    }

    private static string Origin(SettingValue value)
    {
        if (!value.IsSet)
            return SettingValue.DefaultOrigin;
        return $"from {value.Origin}; default {(value.Setting.DefaultText.Length == 0 ? "empty" : value.Setting.DefaultText)}";
    }

    private static void WriteJson(Screen screen, IReadOnlyList<SettingValue> values, SettingsResult result) => screen.WriteJson(new
    {
        Settings = values.Select(v => new
        {
            v.Setting.Name,
            Value = v.Shown,
            v.Origin,
            Default = v.Setting.DefaultText,
            v.Setting.Range,
            v.Setting.Description,
            Secret = v.Setting.IsSecret,
        }),
        Errors = result.Errors,
        Unused = result.Unused.Select(u => new { u.Name, u.Origin }),
    });
}
