using System.Text;
using Groundwork.Platform.Telemetry;
using Groundwork.Platform.Telemetry.Recent;
using Groundwork.Platform.Tests.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Platform.Tests.Telemetry;

public sealed class LogTests
{
    private static readonly DateTimeOffset Moment = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(2));

    [Fact]
    public void An_entry_is_one_line_of_JSON_with_its_named_values()
    {
        var logs = new LogsOf();
        using (var queue = new LogQueue(logs.AsJson(), TimeProvider.System))
            queue.Add(Entry("Two\nlines by 7", [new("Number", 7), new("Name", "a\"\e[31m"), new("{OriginalFormat}", "…")], new InvalidOperationException("why")));

        var entry = Assert.Single(logs.Entries);
        Assert.Equal("2026-01-02T01:04:05.678Z", entry.GetProperty("time").GetString());
        Assert.Equal("warning", entry.GetProperty("level").GetString());
        Assert.Equal("Groundwork.Toys", entry.GetProperty("category").GetString());
        Assert.Equal("Two\nlines by 7", entry.GetProperty("message").GetString());
        Assert.Equal(7, entry.GetProperty("values").GetProperty("Number").GetInt32());
        Assert.Equal("a\"\e[31m", entry.GetProperty("values").GetProperty("Name").GetString());
        Assert.False(entry.GetProperty("values").TryGetProperty("{OriginalFormat}", out _));
        Assert.Contains("why", entry.GetProperty("exception").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void On_a_terminal_nothing_that_was_logged_can_move_the_cursor()
    {
        var line = Encoding.UTF8.GetString(new TerminalLogFormat(colours: false).Write(Entry("one\r\ntwo\e[2J", [], null)));
        Assert.EndsWith("warn  Toys: one··two·[2J\n", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_that_hangs_costs_entries_but_never_time_and_the_loss_is_told()
    {
        using var stuck = new StuckStream();
        var queue = new LogQueue(new LogOutput(stuck, new JsonLogFormat()), TimeProvider.System);
        queue.Add(Entry("first", [], null));
        stuck.Entered.Wait(TestContext.Current.CancellationToken);

        var message = new string('x', 100 << 10);
        for (var i = 0; i < 100; i++)
            queue.Add(Entry(message, [], null));
        stuck.Release.Set();
        queue.Dispose();

        var kept = stuck.Logs.Entries.Count(e => e.GetProperty("message").GetString() == message);
        Assert.InRange(kept, 1, LogQueue.MaxQueuedBytes / message.Length);
        var told = Assert.Single(stuck.Logs.Entries, e => e.TryGetProperty("values", out _));
        Assert.Equal(100 - kept, told.GetProperty("values").GetProperty("Dropped").GetInt32());
    }

    [Fact]
    public async Task A_fault_is_logged_once_with_the_id_that_the_caller_got_and_nothing_that_the_caller_sent()
    {
        var logs = new LogsOf();
        string? traceId;
        await using (var toy = await ToyInstance.StartAsync(
            time: new FakeTimeProvider(), others: [new TelemetryModule(logs.AsJson)]))
        {
            await toy.GetAsync("/v1/toys/constant");
            await toy.GetAsync("/v1/toys/no-such");
            await toy.PostJsonAsync("/v1/toys", "{\"secret-member\":1}");
            var response = await toy.SendAsync(HttpMethod.Get, "/v1/toys/fail?password=hunter2", headers: ("X-Secret", "hunter3"));
            traceId = (await ToyInstance.ProblemAsync(response, "internal-error", 500)).GetProperty("trace_id").GetString();
        }

        var entry = Assert.Single(logs.Entries);
        Assert.Equal("error", entry.GetProperty("level").GetString());
        Assert.Equal(traceId, entry.GetProperty("values").GetProperty("TraceId").GetString());
        Assert.Contains("the secret reason", entry.GetProperty("exception").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter", entry.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("information", "Groundwork.Toys", LogLevel.Information, true)]
    [InlineData("information", "Groundwork.Toys", LogLevel.Debug, false)]
    [InlineData("debug", "Microsoft.AspNetCore.Routing", LogLevel.Information, false)]
    [InlineData("debug", "Microsoft.AspNetCore.Routing", LogLevel.Warning, true)]
    [InlineData("trace", "Microsoft.AspNetCore.Routing", LogLevel.Debug, true)]
    [InlineData("error", "Microsoft.AspNetCore.Routing", LogLevel.Warning, false)]
    [InlineData("none", "Groundwork.Toys", LogLevel.Critical, false)]
    public void The_level_is_the_operators_and_the_framework_is_quiet(string setting, string category, LogLevel level, bool isLogged)
    {
        using var loggers = LoggerFactory.Create(logging => LogLevels.Apply(
            logging.AddProvider(new LogProvider(new LogQueue(LogsOf.Nowhere(), TimeProvider.System), new RecentLogs(0, TimeProvider.System), TimeProvider.System)),
            Ports.Settings.SettingValues.Of((TelemetryOptions.Level, setting))));
        Assert.Equal(isLogged, loggers.CreateLogger(category).IsEnabled(level));
    }

    private static LogEntry Entry(string message, IReadOnlyList<KeyValuePair<string, object?>> values, Exception? exception) =>
        new(Moment, LogLevel.Warning, "Groundwork.Toys", message, values, null, exception);

    private sealed class StuckStream : MemoryStream
    {
        public LogsOf Logs { get; } = new();

        public ManualResetEventSlim Entered { get; } = new();

        public ManualResetEventSlim Release { get; } = new();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Entered.Set();
            Release.Wait();
            Logs.Write(buffer);
        }
    }
}
