using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Groundwork.Testing;

namespace Groundwork.Host.Tests;

public sealed class DoctorTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_machine_on_which_all_is_well_is_found_so_and_left_as_it_was()
    {
        var (code, findings) = await ExamineAsync("--Http:Listen=127.0.0.1:0", "--Http:ListenHttp2=127.0.0.1:0");

        Assert.Equal(0, code);
        Assert.Equal(
            ["settings", "instance", "port", "port", "data folder", "disk space", "clock"],
            findings.Select(f => f.Check).Where(c => c is not "open files"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task A_running_instance_is_asked_and_its_port_is_its_own()
    {
        await using var program = await RunningProgram.StartAsync(_folder["data"]);

        var (code, findings) = await ExamineAsync("--Http:Listen=127.0.0.1:0");

        Assert.Equal(0, code);
        Assert.Contains(findings, f => f is ("module Links", "ok", _));
        Assert.Contains(findings, f => f.Check == "port" && f.Seen.Contains("by the running instance", StringComparison.Ordinal));
        Assert.Contains(findings, f => f.Check == "permissions" && f.Verdict == "ok");
    }

    [Fact]
    public async Task What_keeps_it_from_working_is_a_failure_with_a_way_out_and_shows_no_secret()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        var run = await Run.Of(
            "doctor", $"--Data={_folder["data"]}", $"--Http:Listen={taken.LocalEndpoint}", "--Links:CodeBlock=x", "--Database:Conection=Password=hunter2");

        Assert.Equal(1, run.ExitCode);
        Assert.Matches(@"fail  settings +Links:CodeBlock", run.Output);
        Assert.Contains("-> Did you mean Database:Connection?", run.Output, StringComparison.Ordinal);
        Assert.Contains($"Another program listens at {taken.LocalEndpoint}.", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Prot=1;Password=hunter2", "cannot be read")]
    [InlineData("Host=127.0.0.1;Port=1;Password=hunter2", "cannot be reached")]
    public async Task A_database_that_cannot_be_had_is_a_finding_like_any_other(string connection, string seen)
    {
        var (code, findings) = await ExamineAsync("--Http:Listen=127.0.0.1:0", $"--Database:Connection={connection}");

        Assert.Equal(1, code);
        var finding = Assert.Single(findings, f => f.Check == "database");
        Assert.Equal("fail", finding.Verdict);
        Assert.Contains(seen, finding.Seen, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", finding.Seen, StringComparison.Ordinal);
    }

    private async Task<(int Code, List<(string Check, string Verdict, string Seen)> Findings)> ExamineAsync(params string[] arguments)
    {
        var run = await Run.Of(["doctor", "--json", $"--Data={_folder["data"]}", .. arguments]);
        return (run.ExitCode, [.. JsonDocument.Parse(run.Output).RootElement.GetProperty("findings").EnumerateArray().Select(f =>
            (f.GetProperty("check").GetString()!, f.GetProperty("verdict").GetString()!, f.GetProperty("seen").GetString()!))]);
    }
}
