using System.Text;
using System.Text.Json;
using Groundwork.Host.Commands;
using Groundwork.Testing;

namespace Groundwork.Host.Tests;

/// <summary>The program's own log from the command line.</summary>
public sealed class BrokerCommandsTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private RunningProgram _program = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _program = await RunningProgram.StartAsync(_folder["data"]);

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_topic_is_made_written_to_read_shown_and_deleted()
    {
        Assert.Contains("There are no topics.", (await RunAsync("topics", "list")).Output, StringComparison.Ordinal);
        Assert.Contains("Made orders with 2 partitions.", (await RunAsync("topics", "create", "orders", "--partitions", "2", "--set", "retention.ms=86400000")).Output, StringComparison.Ordinal);
        Assert.Contains("at offset 0", (await RunAsync("produce", "orders", "hello", "--key", "k", "--header", "lang=en")).Output, StringComparison.Ordinal);

        Assert.Equal("hello", (await RunAsync("consume", "orders", "--end")).Output.Trim());
        var record = JsonDocument.Parse((await RunAsync("consume", "orders", "--count", "1", "--json")).Output).RootElement;
        Assert.Equal(("orders", "k", "hello", "lang"), (
            record.GetProperty("topic").GetString(), record.GetProperty("key").GetString(), record.GetProperty("value").GetString(),
            record.GetProperty("headers")[0].GetProperty("name").GetString()));
        Assert.Matches(@"orders +2 +1 ", (await RunAsync("topics", "list")).Output);
        Assert.Contains("retention.ms = 86400000", (await RunAsync("topics", "show", "orders")).Output, StringComparison.Ordinal);

        var asked = await RunAsync("topics", "delete", "orders");
        Assert.Contains("with 1 records", asked.Output, StringComparison.Ordinal);
        Assert.Contains("--yes", asked.Error, StringComparison.Ordinal);
        Assert.Contains("Deleted orders", (await RunAsync("topics", "delete", "orders", "--yes")).Output, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync("topics", "show", "orders")).ExitCode);
    }

    [Fact]
    public async Task A_group_goes_on_behind_what_was_written_out_and_is_reset_after_it_was_shown_where_to()
    {
        await RunAsync("topics", "create", "orders");
        for (var i = 0; i < 4; i++)
            await RunAsync("produce", "orders", $"v{i}");

        Assert.Equal("v0\nv1", (await RunAsync("consume", "orders", "--group", "billing", "--count", "2")).Output.ReplaceLineEndings("\n").Trim());
        Assert.Equal("v2\nv3", (await RunAsync("consume", "orders", "--group", "billing", "--end")).Output.ReplaceLineEndings("\n").Trim());
        Assert.Matches(@"billing +Empty +0 +orders +0 ", (await RunAsync("groups", "list")).Output);

        Assert.Contains("3 again", (await RunAsync("groups", "reset", "billing", "--shift", "-3")).Output, StringComparison.Ordinal);
        Assert.Matches(@"orders +0 +4 +4 +0 ", (await RunAsync("groups", "show", "billing")).Output);
        Assert.Equal(0, (await RunAsync("groups", "reset", "billing", "--shift", "-3", "--yes")).ExitCode);
        Assert.Equal("v1\nv2\nv3", (await RunAsync("consume", "orders", "--group", "billing", "--end")).Output.ReplaceLineEndings("\n").Trim());

        Assert.Contains("Deleted billing", (await RunAsync("groups", "delete", "billing", "--yes")).Output, StringComparison.Ordinal);
        Assert.Contains("There are no groups.", (await RunAsync("groups", "list")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Adding_partitions_shows_first_which_share_of_keys_moves()
    {
        await RunAsync("topics", "create", "orders", "--partitions", "4");

        Assert.Contains("50 % of its keys would go", (await RunAsync("topics", "partitions", "orders", "8")).Output, StringComparison.Ordinal);
        Assert.Matches(@"orders +4 ", (await RunAsync("topics", "list")).Output);
        Assert.Equal(8, JsonDocument.Parse((await RunAsync("topics", "partitions", "orders", "8", "--yes", "--json")).Output).RootElement.GetProperty("to").GetInt32());
        Assert.Matches(@"orders +8 ", (await RunAsync("topics", "list")).Output);
    }

    [Fact]
    public async Task What_is_set_of_a_topic_is_changed_shown_and_given_back_its_default()
    {
        await RunAsync("topics", "create", "orders");

        var set = await RunAsync("topics", "set", "orders", "retention.ms=86400000", "message.timestamp.type=LogAppendTime");
        Assert.Contains("retention.ms of orders is 86400000 now.", set.Output, StringComparison.Ordinal);
        Assert.Contains("message.timestamp.type of orders is LogAppendTime now.", set.Output, StringComparison.Ordinal);
        Assert.Matches("retention.ms +86400000 +604800000 +-1 to any ms +How long records are kept", (await RunAsync("topics", "settings", "orders")).Output);
        Assert.Contains("retention.ms = 86400000", (await RunAsync("topics", "show", "orders")).Output, StringComparison.Ordinal);

        Assert.Contains("retention.ms of orders is 604800000 now, its default.", (await RunAsync("topics", "unset", "orders", "retention.ms")).Output, StringComparison.Ordinal);
        var left = JsonDocument.Parse((await RunAsync("topics", "settings", "orders", "--json")).Output).RootElement.EnumerateArray().Single(s => s.GetProperty("is_set").GetBoolean());
        Assert.Equal("message.timestamp.type", left.GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_retention_that_takes_records_away_shows_first_how_many_and_any_other_holds_at_once()
    {
        await RunAsync("topics", "create", "orders", "--partitions", "1");
        await RunAsync("produce", "orders", "v");

        Assert.Contains("retention.bytes of orders is 1000000 now.", (await RunAsync("topics", "set", "orders", "retention.bytes=1000000")).Output, StringComparison.Ordinal);
        var asked = await RunAsync("topics", "set", "orders", "retention.bytes=0");
        Assert.Contains("This takes 1 of the 1 records in orders, for good", asked.Output, StringComparison.Ordinal);
        Assert.Contains("--yes", asked.Error, StringComparison.Ordinal);
        Assert.Contains("retention.bytes = 1000000", (await RunAsync("topics", "show", "orders")).Output, StringComparison.Ordinal);

        Assert.Contains("retention.bytes of orders is 0 now.", (await RunAsync("topics", "set", "orders", "retention.bytes=0", "--yes")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleting_the_first_records_shows_first_how_many_go()
    {
        await RunAsync("topics", "create", "orders", "--partitions", "1");
        for (var i = 0; i < 4; i++)
            await RunAsync("produce", "orders", $"v{i}");

        var asked = await RunAsync("topics", "truncate", "orders", "--partition", "0", "--before", "3");
        Assert.Contains("This deletes 3 of the 4 records in partition 0 of orders, for good: it would begin at offset 3.", asked.Output, StringComparison.Ordinal);
        Assert.Contains("--yes", asked.Error, StringComparison.Ordinal);
        Assert.Contains("deletes 0 of the 4", (await RunAsync("topics", "truncate", "orders", "--partition", "0", "--before", "2020-01-01T00:00:00Z")).Output, StringComparison.Ordinal);

        Assert.Contains("Deleted 3 of the 4", (await RunAsync("topics", "truncate", "orders", "--partition", "0", "--before", "3", "--yes")).Output, StringComparison.Ordinal);
        Assert.Equal("v3", (await RunAsync("consume", "orders", "--end")).Output.Trim());
        var plan = JsonDocument.Parse((await RunAsync("topics", "truncate", "orders", "--partition", "0", "--before", "latest", "--yes", "--json")).Output).RootElement;
        Assert.Equal(1, plan.GetProperty("records").GetInt32());
    }

    [Theory]
    [InlineData("SETTING=VALUE", "topics", "set", "orders", "retention.ms")]
    [InlineData("--set is name=value", "topics", "create", "orders", "--set", "retention.ms")]
    public async Task What_is_typed_wrong_is_told_with_how_it_must_be(string told, params string[] arguments)
    {
        var run = await RunAsync(arguments);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody", "topics", "show", "nobody")]
    [InlineData("nobody", "topics", "set", "nobody", "retention.ms=1")]
    [InlineData("nobody", "topics", "truncate", "nobody", "--partition", "0", "--before", "0")]
    [InlineData("topics create nobody", "consume", "nobody", "--end")]
    [InlineData("'nobody'", "produce", "nobody", "x")]
    [InlineData("'nobody'", "groups", "show", "nobody")]
    [InlineData("'nobody'", "groups", "reset", "nobody", "--to", "latest")]
    [InlineData("letters", "topics", "create", "no good")]
    [InlineData("retention.ms", "topics", "create", "good", "--set", "retention.ms=soon")]
    [InlineData("earliest, latest", "consume", "nobody", "--from", "yesterday")]
    [InlineData("earliest, latest", "topics", "truncate", "nobody", "--partition", "0", "--before", "yesterday")]
    public async Task What_is_refused_is_told_on_standard_error(string told, params string[] arguments)
    {
        var run = await RunAsync(arguments);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Consuming_ends_without_a_complaint_when_it_is_asked_to_stop()
    {
        await RunAsync("topics", "create", "orders");
        await RunAsync("produce", "orders", "hello");
        using var stop = new CancellationTokenSource();
        var (output, error) = (new StoppingWriter(stop), new StringWriter());

        var code = await CommandLine.RunAsync(["consume", "orders", $"--Data={_folder["data"]}"], output, error, stop.Token);

        Assert.Equal((0, "hello", ""), (code, output.ToString().Trim(), error.ToString()));
    }

    [Theory]
    [InlineData]
    [InlineData("--group", "billing")]
    public async Task Reading_to_the_end_ends_though_more_and_more_comes(params string[] group)
    {
        await RunAsync("topics", "create", "orders", "--partitions", "3");
        await RunAsync("produce", "orders", "first");
        using var stop = new CancellationTokenSource();
        var producing = ProduceAsync(stop.Token);

        var run = await RunAsync(["consume", "orders", "--end", .. group]);

        await stop.CancelAsync();
        await producing;
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("first", run.Output, StringComparison.Ordinal);

        async Task ProduceAsync(CancellationToken stopped)
        {
            while (!stopped.IsCancellationRequested)
                await _program.Client.PostAsync(new Uri("/v1/topics/orders/records", UriKind.Relative), new StringContent("""{"records":[{"value":"more"},{"value":"more"}]}""", Encoding.UTF8, "application/json"), Token);
        }
    }

    [Fact]
    public async Task An_offset_that_is_not_there_is_told_and_nothing_else_is_read()
    {
        await RunAsync("topics", "create", "orders");
        await RunAsync("produce", "orders", "hello");

        var run = await RunAsync("consume", "orders", "--from", "99");
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("offsets 0 to 0, and not 99", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_are_put_together_as_they_come_and_a_last_one_needs_no_end()
    {
        var bytes = Encoding.UTF8.GetBytes("one\r\ntwo\n\nthree");
        var batches = new List<string[]>();
        await foreach (var batch in LineBatches.ReadAsync(new MemoryStream(bytes), 2, 100, 100, Token))
            batches.Add([.. batch.Select(line => Encoding.UTF8.GetString(line.Span))]);
        Assert.Equal([["one", "two"], [""], ["three"]], batches);

        await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (var _ in LineBatches.ReadAsync(new MemoryStream(new byte[200]), 2, 100, 100, Token))
            {
            }
        });
    }

    private Task<Run> RunAsync(params string[] arguments) => Run.Of([.. arguments, $"--Data={_folder["data"]}"]);

    // Somebody presses Ctrl-C once they have read something.
    private sealed class StoppingWriter(CancellationTokenSource stop) : StringWriter
    {
        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            if (GetStringBuilder().Length > 0)
                stop.Cancel();
            return Task.CompletedTask;
        }
    }
}
