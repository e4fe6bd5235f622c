using System.Text;
using Groundwork.Ports.Settings;

namespace Groundwork.Host.Settings;

/// <summary>The page <c>docs/settings.md</c>, made from the settings themselves so that it can't be out of date.</summary>
internal static class SettingsMarkdown
{
    /// <summary>The whole page.</summary>
    public static string Page(IReadOnlyList<Setting> catalog)
    {
        var page = new StringBuilder();
        page.Append(
            """
            # Settings

            This page is made by `groundwork settings --markdown`; change the settings' own descriptions, not the page.

            A setting has one name and three ways to be written. The later is the stronger:

            - `groundwork.json`: `{ "Http": { "Listen": "127.0.0.1:8081" } }`, comments allowed
            - the environment: `GROUNDWORK_HTTP__LISTEN=127.0.0.1:8081`
            - the command line: `--Http:Listen=127.0.0.1:8081`

            Names are matched without regard to case. Lists are written as one string with commas, times as `250ms`, `30s`,
            `5m`, `1h`, `7d`, sizes as `64KiB`, `256MiB`, `2GiB`. What is misspelt or out of range stops the start, all of it at
            once. A setting of a module that this version does not have is accepted, and said to be unused.

            """.ReplaceLineEndings("\n"));

        foreach (var section in catalog.GroupBy(s => s.Name.Contains(':', StringComparison.Ordinal) ? s.Section : "The program"))
        {
            page.Append('\n').Append("## ").Append(section.Key).Append("\n\n| Setting | Default | Range | What it does |\n|---|---|---|---|\n");
            foreach (var setting in section)
            {
                page.Append("| `").Append(setting.Name).Append("` | ").Append(Default(setting)).Append(" | ")
                    .Append(Cell(setting.Range)).Append(" | ").Append(Cell(setting.Description))
                    .Append(setting.IsSecret ? " Secret: never shown." : "").Append(" |\n");
            }
        }

        return page.ToString();
    }

    private static string Default(Setting setting) =>
        setting.DefaultInWords ?? (setting.DefaultText.Length == 0 ? "empty" : $"`{setting.DefaultText}`");

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
