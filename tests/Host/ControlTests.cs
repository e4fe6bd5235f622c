using System.Net.Sockets;
using Groundwork.Platform.Control;
using Groundwork.Platform.Http;
using Groundwork.Platform.Settings;
using Groundwork.Ports.Settings;
using Groundwork.Testing;

namespace Groundwork.Host.Tests;

public sealed class ControlTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private SettingValues Values => SettingValues.Of((ProgramSettings.Data, _folder["data"]), (HttpOptions.Listen, "127.0.0.1:0"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_command_asks_the_instance_that_runs()
    {
        await using var program = await RunningProgram.StartAsync(_folder["data"]);

        await using var session = await ControlSession.OpenAsync(ModuleCatalog.Create(), Values, Cancellation);
        var status = await session.SendAsync<ControlStatus>(HttpMethod.Get, "/status", body: null, Cancellation);

        Assert.True(session.WasRunning);
        Assert.Equal(program.Client.BaseAddress, status.Address);
        Assert.Equal(Environment.ProcessId, status.Pid);
        Assert.Contains(new ModuleStatus("Links", Ports.Modules.HealthState.Healthy, ""), status.Modules);
    }

    [Fact]
    public async Task Where_none_runs_one_is_started_for_the_command_that_serves_nobody_else()
    {
        await using (var session = await ControlSession.OpenAsync(ModuleCatalog.Create(), Values, Cancellation))
        {
            Assert.False(session.WasRunning);
            Assert.Null((await session.SendAsync<ControlStatus>(HttpMethod.Get, "/status", body: null, Cancellation)).Address);
        }

        Assert.Null(await ControlClient.StatusAsync(_folder["data"], Cancellation));
    }

    [Fact]
    public async Task A_socket_that_a_crash_left_behind_is_no_obstacle()
    {
        Directory.CreateDirectory(_folder["data"]);
        using (var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            left.Bind(new UnixDomainSocketEndPoint(_folder["data"] + "/control.sock"));
        File.WriteAllText(_folder["data"] + "/lock", "");

        await using var session = await ControlSession.OpenAsync(ModuleCatalog.Create(), Values, Cancellation);

        Assert.False(session.WasRunning);
    }

    [Fact]
    public async Task An_instance_that_does_not_answer_is_given_up_with_the_way_out()
    {
        Directory.CreateDirectory(_folder["data"]);
        using var deaf = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        deaf.Bind(new UnixDomainSocketEndPoint(_folder["data"] + "/control.sock"));
        deaf.Listen();

        var refusal = await Assert.ThrowsAsync<ControlException>(() => ControlSession.OpenAsync(ModuleCatalog.Create(), Values, Cancellation));

        Assert.Contains("kill -9", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_refused_is_refused_with_its_reason()
    {
        await using var session = await ControlSession.OpenAsync(ModuleCatalog.Create(), Values, Cancellation);

        var refusal = await Assert.ThrowsAsync<ControlException>(() =>
            session.SendAsync<object>(HttpMethod.Post, "/backup", new BackupRequest("relative"), Cancellation));

        Assert.Contains("folder is required", refusal.Message, StringComparison.Ordinal);
    }
}
