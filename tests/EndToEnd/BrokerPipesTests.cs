using System.Diagnostics;
using Groundwork.Testing;
using Groundwork.Testing.Processes;

namespace Groundwork.EndToEnd.Tests;

/// <summary>The log at the end and at the beginning of a shell's pipes, beside a program that runs.</summary>
public sealed class BrokerPipesTests
{
    [Fact]
    public async Task Lines_that_are_piped_in_are_all_there_and_a_reader_of_which_a_pipe_takes_no_more_ends_by_itself()
    {
        using var folder = new TempFolder();
        await using var program = await GroundworkProcess.StartAsync(folder["data"]);

        Assert.Equal("Made numbers with 3 partitions.", await ShellAsync("groundwork topics create numbers --partitions 3"));
        Assert.Equal("Appended 20000 records.", await ShellAsync("seq 1 20000 | groundwork produce numbers"));
        Assert.Equal("20000", await ShellAsync("groundwork consume numbers --end | sort -nu | wc -l"));
        Assert.Equal("2 0", await ShellAsync("groundwork consume numbers | head -n 2 | wc -l | tr '\\n' ' '; echo ${PIPESTATUS[0]}"));

        // What a shell writes to a file behind it does not lie over it.
        Assert.Equal("20001", await ShellAsync($"(groundwork consume numbers --end; echo end) > '{folder["out"]}'; wc -l < '{folder["out"]}'"));

        async Task<string> ShellAsync(string line)
        {
            var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true };
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add($"groundwork() {{ dotnet '{Path.Combine(AppContext.BaseDirectory, "groundwork.dll")}' \"$@\" --Data='{folder["data"]}'; }}\n{line}");
            using var shell = Process.Start(start)!;
            var output = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
            return output.Trim();
        }
    }
}
