using System.Reflection;
using System.Text.Json;

namespace Groundwork.Host.Tests.Settings;

public sealed class SettingsPageTests
{
    [Fact]
    public async Task The_page_in_the_docs_is_what_the_program_says_now()
    {
        var docs = typeof(SettingsPageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "DocsFolder").Value!;
        var page = await File.ReadAllTextAsync(Path.Combine(docs, "settings.md"), TestContext.Current.CancellationToken);

        var now = (await Run.Of("settings", "--markdown")).Output;

        Assert.True(page.ReplaceLineEndings("\n") == now.ReplaceLineEndings("\n"), "docs/settings.md is out of date: groundwork settings --markdown > docs/settings.md");
    }

    [Fact]
    public async Task Each_setting_is_shown_with_value_origin_default_and_range_and_secrets_as_dots()
    {
        var run = await Run.Of("settings", "--json", "--Http:Listen=127.0.0.1:1", "--Database:Connection=Host=h;Password=hunter2", "--Objects:Listen=x");

        var shown = JsonDocument.Parse(run.Output).RootElement;
        var listen = shown.GetProperty("settings").EnumerateArray().Single(s => s.GetProperty("name").GetString() == "Http:Listen");
        Assert.Equal("127.0.0.1:1", listen.GetProperty("value").GetString());
        Assert.Equal("command line", listen.GetProperty("origin").GetString());
        Assert.Equal("127.0.0.1:8080", listen.GetProperty("default").GetString());
        Assert.Equal("ip:port", listen.GetProperty("range").GetString());
        Assert.Equal("Objects:Listen", shown.GetProperty("unused")[0].GetProperty("name").GetString());
        Assert.DoesNotContain("hunter2", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_are_shown_beside_the_settings_that_are_right()
    {
        var run = await Run.Of("settings", "http", "--Http:Listen=nowhere");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("Http:StopTimeout = 3s (default)", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Links:", run.Output, StringComparison.Ordinal);
        Assert.Contains("Http:Listen (from command line) is an address", run.Error, StringComparison.Ordinal);
    }
}
