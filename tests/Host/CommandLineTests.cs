using System.Text.Json;
using CsCheck;

namespace Groundwork.Host.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public async Task Help_says_what_the_program_is_and_shows_each_command_with_an_example()
    {
        var help = await Run.Of("--help");

        Assert.Equal(0, help.ExitCode);
        foreach (var command in new[] { "up", "doctor", "settings", "keys", "backup", "restore", "version" })
            Assert.Matches($@"\n  {command} .*\n +\$ groundwork", help.Output);
        Assert.Contains("GROUNDWORK_HTTP__LISTEN=", help.Output, StringComparison.Ordinal);
        Assert.Contains("docs/operations.md", help.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("keys create")]
    [InlineData("restore")]
    [InlineData("settings")]
    public async Task A_commands_help_ends_with_examples(string command)
    {
        var help = await Run.Of([.. command.Split(' '), "--help"]);

        Assert.Equal(0, help.ExitCode);
        Assert.Contains($"$ groundwork {command}", help.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("doctr", "Did you mean doctor?")]
    [InlineData("keys revok", "Did you mean revoke?")]
    [InlineData("doctor --jsn", "Did you mean --json?")]
    [InlineData("keys", "create, list, revoke, rotate")]
    [InlineData("backup", "FOLDER")]
    [InlineData("keys create ci --scope links:read --expires soon", "such as 12h or 30d")]
    public async Task A_command_line_that_is_wrong_is_told_what_would_be_right(string line, string hint)
    {
        var run = await Run.Of(line.Split(' '));

        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Contains(hint, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_whose_setting_is_misspelt_is_not_repeated()
    {
        var run = await Run.Of("up", "--Database-Connection=Host=h;Password=hunter2");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--Database-Connection", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_is_told_to_people_and_to_programs()
    {
        var version = JsonDocument.Parse((await Run.Of("version", "--json")).Output).RootElement;

        Assert.StartsWith(".NET 10.", version.GetProperty("runtime").GetString(), StringComparison.Ordinal);
        Assert.StartsWith($"Groundwork {version.GetProperty("version").GetString()}", (await Run.Of("version")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_words_are_a_command_or_a_mistake_that_is_explained()
    {
        var word = Gen.OneOf(
            Choice.Of("version", "settings", "--json", "--markdown", "--help", "--version", "--", "-", "@file", "[suggest]", "--Http:Listen", "="),
            Gen.String[Gen.Char[' ', '~'], 0, 6]);

        // Behind a command that ends by itself.
        Gen.Select(Choice.Of("version", "settings", "keys"), word.Array[0, 4]).Sample(
            (command, words) =>
            {
                var run = Run.Of([command, .. words]).GetAwaiter().GetResult();
                return run.ExitCode switch { 0 => run.Output.Length > 0, 2 => run.Error.Length > 0 || run.Output.Length > 0, _ => false };
            },
            iter: 200, threads: 1);
    }
}
