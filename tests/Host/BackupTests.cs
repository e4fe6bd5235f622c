using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Groundwork.Ports.Files;
using Groundwork.Testing;

namespace Groundwork.Host.Tests;

public sealed class BackupTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_backup_under_load_holds_all_that_was_acknowledged_before_it()
    {
        var before = new List<string>();
        await using (var program = await RunningProgram.StartAsync(_folder["data"]))
        {
            for (var i = 0; i < 50; i++)
                before.Add(await ShortenAsync(program));
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            var load = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => LoadAsync(program, enough.Token)));

            Assert.Equal((0, ""), await BackUpAsync());

            await enough.CancelAsync();
            await load;
        }

        Assert.Equal((0, ""), await RestoreAsync("restored"));
        await using var restored = await RunningProgram.StartAsync(_folder["restored"]);
        foreach (var code in before)
            Assert.Equal(HttpStatusCode.Found, (await restored.Client.GetAsync(new Uri(code, UriKind.Relative), Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Codes_handed_out_after_a_backup_are_never_handed_out_again_after_its_restore()
    {
        var used = new HashSet<string>();
        await using (var program = await RunningProgram.StartAsync(_folder["data"], "--Links:CodeBlock=1"))
        {
            used.Add(await ShortenAsync(program));
            Assert.Equal((0, ""), await BackUpAsync());
            for (var i = 0; i < 20; i++)
                used.Add(await ShortenAsync(program));
        }

        Assert.Equal((0, ""), await RestoreAsync("restored"));
        for (var start = 0; start < 2; start++)
        {
            await using var restored = await RunningProgram.StartAsync(_folder["restored"], "--Links:CodeBlock=1");
            for (var i = 0; i < 30; i++)
                Assert.True(used.Add(await ShortenAsync(restored)));
        }
    }

    [Fact]
    public async Task A_backup_needs_no_running_instance_and_a_folder_that_is_new()
    {
        Assert.Equal((0, ""), await BackUpAsync());

        var (code, error) = await BackUpAsync();
        Assert.Equal(1, code);
        Assert.Contains("is not empty", error, StringComparison.Ordinal);
        Assert.Equal(0, (await Run.Of("restore", _folder["backup"], "--check", $"--Data={_folder["data"]}")).ExitCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task A_backup_into_the_data_folder_is_refused_however_that_is_written(string end)
    {
        var run = await Run.Of("backup", Path.Combine(_folder["data"], "backup"), $"--Data={_folder["data"]}{end}");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("is inside the data folder", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restore_into_the_backup_itself_is_refused_and_the_backup_stays_whole()
    {
        Assert.Equal((0, ""), await BackUpAsync());

        var (code, error) = await RestoreAsync(Path.Combine("backup", "database"), "--replace");

        Assert.Equal(1, code);
        Assert.Contains("lies in the backup", error, StringComparison.Ordinal);
        Assert.Equal((0, ""), await RestoreAsync("restored"));
    }

    [Theory]
    [InlineData("restore.partial", "was interrupted")]
    [InlineData("restored.json", "is damaged")]
    public async Task No_instance_starts_on_what_a_restore_left_unfinished(string left, string reason)
    {
        DurableFiles.CreateFolder(_folder["data"]);
        var path = Path.Combine(_folder["data"], left);
        if (left.EndsWith(".json", StringComparison.Ordinal))
            await File.WriteAllTextAsync(path, "{", Cancellation);
        else
            DurableFiles.CreateFolder(path);

        var run = await Run.Of("up", $"--Data={_folder["data"]}", "--Http:Listen=127.0.0.1:0");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flipped_byte_is_found_before_anything_is_touched()
    {
        Assert.Equal((0, ""), await BackUpAsync());
        var file = Path.Combine(_folder["backup"], "database", "links.db");
        var bytes = await File.ReadAllBytesAsync(file, Cancellation);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, Cancellation);

        var (code, error) = await RestoreAsync("restored");

        Assert.Equal(1, code);
        Assert.Contains("database/links.db is not what it was", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["restored"]));
    }

    [Theory]
    [InlineData("""{"format":1,"program":"0.1.0","created_at":"2026-01-01T00:00:00Z","engine":"SQLite","files":[{"path":"database/../../stolen","size":1,"sha256":"00"}]}""")]
    [InlineData("""{"format":2,"program":"9.0.0","created_at":"2026-01-01T00:00:00Z","engine":"SQLite","files":[]}""")]
    [InlineData("""{"format":1}""")]
    [InlineData("not json")]
    [InlineData(null)]
    public async Task A_manifest_that_leads_elsewhere_or_is_none_is_refused(string? manifest)
    {
        Directory.CreateDirectory(_folder["backup"]);
        if (manifest is not null)
            await File.WriteAllTextAsync(Path.Combine(_folder["backup"], "manifest.json"), manifest, Cancellation);

        var (code, error) = await RestoreAsync("restored");

        Assert.Equal(1, code);
        Assert.Contains("manifest.json", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_that_are_there_are_only_moved_and_only_when_asked()
    {
        Assert.Equal((0, ""), await BackUpAsync());
        var old = Path.Combine(_folder["data"], "database", "links.db");
        await File.WriteAllTextAsync(old, "the old data", Cancellation);

        var (code, error) = await RestoreAsync("data");
        Assert.Equal(1, code);
        Assert.Contains("--replace", error, StringComparison.Ordinal);
        Assert.Equal("the old data", await File.ReadAllTextAsync(old, Cancellation));

        Assert.Equal((0, ""), await RestoreAsync("data", "--replace"));
        var aside = Assert.Single(Directory.EnumerateDirectories(_folder["data"], "replaced-*"));
        Assert.Equal("the old data", await File.ReadAllTextAsync(Path.Combine(aside, "database", "links.db"), Cancellation));
        await using var restored = await RunningProgram.StartAsync(_folder["data"]);
    }

    [Fact]
    public async Task Nothing_is_restored_under_a_running_instance()
    {
        await using var program = await RunningProgram.StartAsync(_folder["data"]);
        Assert.Equal((0, ""), await BackUpAsync());

        var (code, error) = await RestoreAsync("data", "--replace");

        Assert.Equal(1, code);
        Assert.Contains("is running on the data folder", error, StringComparison.Ordinal);
    }

    private static async Task<string> ShortenAsync(RunningProgram program)
    {
        using var response = await program.Client.PostAsJsonAsync(
            new Uri("/v1/urls", UriKind.Relative), new { long_url = "https://example.org/" }, Cancellation);
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("code").GetString()!;
    }

    private static async Task LoadAsync(RunningProgram program, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
            await ShortenAsync(program);
    }

    private async Task<(int Code, string Error)> BackUpAsync()
    {
        var run = await Run.Of("backup", _folder["backup"], $"--Data={_folder["data"]}");
        return (run.ExitCode, run.Error);
    }

    private async Task<(int Code, string Error)> RestoreAsync(string name, params string[] arguments)
    {
        var run = await Run.Of(["restore", _folder["backup"], $"--Data={_folder[name]}", .. arguments]);
        return (run.ExitCode, run.Error);
    }
}
