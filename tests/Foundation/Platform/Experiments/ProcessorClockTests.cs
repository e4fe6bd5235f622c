using System.Diagnostics;
using Groundwork.Platform.Experiments.Benchmarks;

namespace Groundwork.Platform.Tests.Experiments;

public sealed class ProcessorClockTests
{
    private const string Busy = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done";

    [Theory]
    [InlineData($"sh -c '{Busy}'; echo ready; read end")]
    [InlineData($"sh -c '{Busy}; echo ready; read end'; :")]
    public async Task A_servers_children_count_whether_they_live_or_have_ended(string script)
    {
        using var server = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Assert.Equal("ready", await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));

        Assert.True(new ProcessorClock().Of(server.Id) > TimeSpan.Zero);

        server.StandardInput.Close();
        await server.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(TimeSpan.Zero, new ProcessorClock().Of(server.Id));
    }

    [Fact]
    public void Our_own_time_only_grows()
    {
        var clock = new ProcessorClock();
        var before = clock.Own();

        Assert.True(before > TimeSpan.Zero);
        Assert.True(clock.Own() >= before);
    }
}
