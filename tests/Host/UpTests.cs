using System.Net;
using System.Net.Sockets;
using Groundwork.Testing;

namespace Groundwork.Host.Tests;

public sealed class UpTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_says_what_listens_where_and_what_to_try_and_stops_when_told()
    {
        await using var program = await RunningProgram.StartAsync(_folder["data"], "--Objects:Listen=127.0.0.1:9000");

        var address = program.Client.BaseAddress!.ToString();
        Assert.Matches(@"HTTP/2 +http://127\.0\.0\.1:\d+/", program.Output);
        Assert.Contains($"{_folder["data"]} (SQLite)", program.Output, StringComparison.Ordinal);
        Assert.Contains($"curl -i {address}CODE", program.Output, StringComparison.Ordinal);
        Assert.Contains("Objects:Listen (from command line)", program.Output, StringComparison.Ordinal);
        Assert.Matches(@"Ready in \d+ ms", program.Output);
        Assert.DoesNotContain('\e', program.Output); // not on a terminal
        Assert.Equal(HttpStatusCode.OK, (await program.Client.GetAsync(new Uri("/health/ready", UriKind.Relative), Cancellation)).StatusCode);

        Assert.Equal(0, await program.StopAsync());
        Assert.EndsWith($"Stopped.{Environment.NewLine}", program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_settings_that_are_wrong_are_said_at_once()
    {
        var run = await Run.Of("--Http:Listen=nowhere", "--Modules=Lniks", "--Links:CodeBlok=5");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("3 settings are wrong:", run.Error, StringComparison.Ordinal);
        Assert.Contains("Http:Listen", run.Error, StringComparison.Ordinal);
        Assert.Contains("Did you mean Links?", run.Error, StringComparison.Ordinal);
        Assert.Contains("Did you mean Links:CodeBlock?", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_and_a_folder_that_is_held_are_refused_with_the_way_out()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = await Run.Of("up", $"--Data={_folder["a"]}", $"--Http:Listen={taken.LocalEndpoint}");
        Assert.Equal(1, port.ExitCode);
        Assert.Contains($"{taken.LocalEndpoint}: the port is taken. Choose another, such as --Http:Listen=", port.Error, StringComparison.Ordinal);

        await using var program = await RunningProgram.StartAsync(_folder["b"]);
        var folder = await Run.Of("up", $"--Data={_folder["b"]}", "--Http:Listen=127.0.0.1:0");
        Assert.Equal(1, folder.ExitCode);
        Assert.Contains($"(process {Environment.ProcessId}) is running on the data folder {_folder["b"]}", folder.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_serves_on_the_loopback_of_IPv6()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "This machine has no IPv6.");
        await using var program = await RunningProgram.StartAsync(_folder["data"], "--Http:Listen=[::1]:0");
        Assert.Equal("[::1]", program.Client.BaseAddress!.Host);
        Assert.Equal(HttpStatusCode.OK, (await program.Client.GetAsync(new Uri("/health/ready", UriKind.Relative), Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_full_disk_is_not_taken_for_another_instance_and_leaves_the_folder_free()
    {
        if (!OperatingSystem.IsLinux())
            return;
        Directory.CreateDirectory(_folder["data"], (UnixFileMode)0b111_000_000);
        File.CreateSymbolicLink(Path.Combine(_folder["data"], "pid"), "/dev/full");

        var full = await Run.Of("up", $"--Data={_folder["data"]}", "--Http:Listen=127.0.0.1:0");

        Assert.Equal(1, full.ExitCode);
        Assert.Contains("No space left", full.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("instance", full.Error, StringComparison.Ordinal);
        File.Delete(Path.Combine(_folder["data"], "pid"));
        await using var program = await RunningProgram.StartAsync(_folder["data"]);
    }

    [Theory]
    [InlineData("up", 2)]
    [InlineData("keys list", 2)]
    [InlineData("doctor", 1)]
    public async Task A_data_folder_whose_path_is_too_long_for_the_control_socket_is_refused_in_words(string command, int exitCode)
    {
        var run = await Run.Of([.. command.Split(' '), $"--Data={_folder[new string('x', 120)]}", "--Http:Listen=127.0.0.1:0"]);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains("which is too long", run.Output + run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_this_user_can_enter_the_data_folder_and_open_the_control_socket()
    {
        if (OperatingSystem.IsWindows())
            return;
        var folder = _folder["open"];
        Directory.CreateDirectory(folder);
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);

        await using var program = await RunningProgram.StartAsync(folder);

        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(folder));
        Assert.Equal((UnixFileMode)0b110_000_000, File.GetUnixFileMode(Path.Combine(folder, "control.sock")));
    }

    [Fact]
    public async Task A_folder_with_other_peoples_things_in_it_is_left_as_it_is()
    {
        if (OperatingSystem.IsWindows())
            return;
        File.WriteAllText(_folder["theirs"], "");
        var open = (UnixFileMode)0b111_101_101;
        File.SetUnixFileMode(_folder.Path, open);

        var run = await Run.Of("up", $"--Data={_folder.Path}", "--Http:Listen=127.0.0.1:0");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("--Data=", run.Error, StringComparison.Ordinal);
        Assert.Equal(open, File.GetUnixFileMode(_folder.Path));
        Assert.Equal([_folder["theirs"]], Directory.EnumerateFileSystemEntries(_folder.Path));
    }
}
