using System.Collections.Concurrent;
using System.Diagnostics;
using Groundwork.Ports.Database;

namespace Groundwork.Platform.Tests.Data;

/// <summary>What somebody sees of the database in a trace. A listener hears the whole process, so each test listens for its own trace.</summary>
public abstract class SpansContract(DatabaseHome home, string engine) : DataContract(home)
{
    private static readonly Statement Insert = new("insert into counter (name, value) values ($1, 1)");

    private static readonly Statement Select = new("select value from counter where name = $1");

    private const string Tests = "Groundwork.Tests.Spans";

    private static readonly ActivitySource Source = new(Tests);

    private IDatabase Traced => new TracedDatabase(Database, engine);

    [Fact]
    public async Task Each_command_of_a_traced_request_is_a_span_below_it()
    {
        var spans = await TraceAsync(async () =>
        {
            await Traced.WriteAsync(new Command(Insert, "a", "a"), Token);
            await Traced.ReadAsync(new Command(Select, "a", "a"), r => r.GetInt64(0), Freshness.Latest, Token);
        });

        Assert.Equal(["INSERT counter", "SELECT counter", "request"], spans.Select(s => s.DisplayName));
        Assert.All(spans.SkipLast(1), s => Assert.Equal(spans[^1].SpanId, s.ParentSpanId));
        Assert.All(spans.SkipLast(1), s => Assert.Equal(ActivityKind.Client, s.Kind));
        var insert = spans[0];
        Assert.Equal(
            (engine.ToLowerInvariant(), "things", "INSERT", "counter", Insert.Sql, 1),
            (insert.GetTagItem("db.system.name"), insert.GetTagItem("db.namespace"), insert.GetTagItem("db.operation.name"),
                insert.GetTagItem("db.collection.name"), insert.GetTagItem("db.query.text"), insert.GetTagItem(DatabaseSpans.SharedBy)));
    }

    [Fact]
    public async Task A_transaction_is_a_span_with_its_statements_below_it()
    {
        var spans = await TraceAsync(() => TransactAsync(Traced, "a", async transaction =>
        {
            await transaction.ExecuteAsync(Insert, "a");
            await transaction.QueryAsync(Select, r => r.GetInt64(0), "a");
        }));

        Assert.Equal(["INSERT counter", "SELECT counter", "TRANSACTION", "request"], spans.Select(s => s.DisplayName));
        Assert.All(spans.Take(2), s => Assert.Equal(spans[2].SpanId, s.ParentSpanId));
    }

    [Fact]
    public async Task Commands_that_are_sent_together_are_one_span_that_says_how_many_they_are()
    {
        var spans = await TraceAsync(() => Traced.WriteAllAsync([new Command(Insert, "a", "a"), new Command(Insert, "b", "b")], Token));

        Assert.Equal(["BATCH INSERT counter", "request"], spans.Select(s => s.DisplayName));
        Assert.Equal(2, spans[0].GetTagItem("db.operation.batch.size"));
    }

    [Fact]
    public async Task A_command_that_fails_says_how()
    {
        await Database.WriteAsync(new Command(Insert, "a", "a"), Token);
        var spans = await TraceAsync(() => Assert.ThrowsAsync<DatabaseException>(() => Traced.WriteAsync(new Command(Insert, "a", "a"), Token)));

        Assert.Equal((ActivityStatusCode.Error, "UniqueViolation"), (spans[0].Status, spans[0].GetTagItem("error.type")));
    }

    [Fact]
    public async Task What_is_done_for_no_traced_request_has_no_span()
    {
        using var listener = Listen(ActivitySamplingResult.AllData, out var ended);
        await Traced.WriteAsync(new Command(Insert, "a", "a"), Token);

        // Another test's may be among them.
        Assert.DoesNotContain(ended, s => s.ParentSpanId == default && s.Source.Name == DatabaseTelemetry.MeterName);
    }

    [Fact]
    public async Task A_request_that_was_not_chosen_costs_no_span()
    {
        using var listener = Listen(ActivitySamplingResult.None, out _);
        using var request = new Activity("request").Start();
        var current = new List<Activity?>();
        await Traced.ReadAsync(
            new Command(Select, "a", "a"),
            r =>
            {
                current.Add(Activity.Current);
                return r.GetInt64(0);
            },
            Freshness.Latest,
            Token);

        Assert.Null(DatabaseSpans.OfCaller);
        Assert.All(current, a => Assert.Same(request, a));
    }

    private static async Task<List<Activity>> TraceAsync(Func<Task> work)
    {
        using var listener = Listen(ActivitySamplingResult.AllData, out var ended);
        var request = Source.StartActivity("request")!;
        await work();
        request.Stop();
        return [.. ended.Where(a => a.TraceId == request.TraceId)];
    }

    private static ActivityListener Listen(ActivitySamplingResult result, out ConcurrentQueue<Activity> ended)
    {
        var heard = ended = new();
        var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name is Tests or DatabaseTelemetry.MeterName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => result,
            ActivityStopped = heard.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
