using Groundwork.Ports.Database;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Platform.Tests.Data;

/// <summary>
/// What the suites in this folder have in common: a database of the test's own, a clock that stands still, and two tables to
/// see effects in. Each suite runs against every engine of the Database port.
/// </summary>
public abstract class DataContract(DatabaseHome home) : IAsyncLifetime
{
    private static readonly Statement Increment = new(
        "insert into counter (name, value) values ($1, 1) on conflict (name) do update set value = counter.value + 1");

    private static readonly Statement ReadCounter = new("select value from counter where name = $1");

    private static readonly Statement AddEntry = new(
        "insert into entry (name, number, epoch) select $1, coalesce(max(number), 0) + 1, $2 from entry where name = $1");

    private static readonly Statement ReadEntries = new("select epoch from entry where name = $1 order by number");

    protected DatabaseHome Home => home;

    protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    protected IDatabase Database { get; private set; } = null!;

    /// <summary>When a test that waits for what never happens fails, rather than hangs.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync() => Database = await home.OpenAsync();

    public virtual async ValueTask DisposeAsync()
    {
        await home.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Stops the program, and starts it on the same data.</summary>
    protected async Task RestartAsync()
    {
        await home.CloseAsync();
        Database = await home.OpenAsync();
    }

    /// <summary>A transaction that returns nothing.</summary>
    protected static async Task TransactAsync(IDatabase database, string key, Func<ITransaction, ValueTask> work) =>
        await database.TransactAsync(
            key,
            async t =>
            {
                await work(t);
                return true;
            },
            Token);

    /// <summary>An effect that can be counted.</summary>
    protected static async ValueTask CountUpAsync(ITransaction transaction, string name) =>
        await transaction.ExecuteAsync(Increment, name);

    /// <summary>How often the effect happened.</summary>
    protected async Task<long> CountedAsync(string name)
    {
        var rows = await Database.ReadAsync(new Command(ReadCounter, name, name), r => r.GetInt64(0), Freshness.Latest, Token);
        return rows.Count == 0 ? 0 : rows[0];
    }

    /// <summary>Appends to a log that one owner at a time may write.</summary>
    protected static async ValueTask AppendAsync(ITransaction transaction, string name, long epoch) =>
        await transaction.ExecuteAsync(AddEntry, name, epoch);

    /// <summary>The epochs of the log's entries, in the order in which they were written.</summary>
    protected Task<IReadOnlyList<long>> EntriesAsync(string name) =>
        Database.ReadAsync(new Command(ReadEntries, name, name), r => r.GetInt64(0), Freshness.Latest, Token);

    /// <summary>Lets the clock run, a second at a time, until something has happened.</summary>
    protected async Task<T> RunClockUntilAsync<T>(Task<T> happened)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(Patience);
        while (!happened.IsCompleted)
        {
            patience.Token.ThrowIfCancellationRequested();
            Time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(happened, Task.Delay(1, Token)); // leaves the processor to whoever should make it happen
        }

        return await happened;
    }
}
