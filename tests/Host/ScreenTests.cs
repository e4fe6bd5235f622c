using Groundwork.Host.Output;

namespace Groundwork.Host.Tests;

public sealed class ScreenTests
{
    [Fact]
    public void Where_nobody_looks_a_line_has_its_words_without_marks()
    {
        Assert.Equal("Groundwork is ready in 13 ms.\n", Written($"[bold]Groundwork[/] is [green]ready[/] in {12.6:0} ms."));
    }

    [Fact]
    public void What_looks_like_a_mark_in_a_value_is_shown_as_it_is()
    {
        Assert.Equal("[bold] at http://[::1]:8080/\n", Written($"[{"red"}]{"[bold]"}[/] at {new Uri("http://[::1]:8080/")}"));
    }

    [Fact]
    public void A_bracket_that_is_written_twice_stands_for_itself()
    {
        Assert.Equal("[1 of 2]\n", Written($"[dim][[{1} of {2}]][/]"));
    }

    private static string Written(FormattableString line)
    {
        using var output = new StringWriter { NewLine = "\n" };
        new Screen(output).Marked(line);
        return output.ToString();
    }
}
