using Groundwork.Ports.Database;
using static Groundwork.Testing.Database.ContractSchema;

namespace Groundwork.Testing.Database;

/// <content>Many callers: their outcomes, their order, their cancelling.</content>
public abstract partial class DatabaseContract
{
    [Fact]
    public async Task A_thousand_callers_each_get_their_own_outcome()
    {
        var database = await OpenAsync();

        var callers = Enumerable.Range(0, 1024).Select(caller => Task.Run(
            async () =>
            {
                for (var i = 0; i < 3; i++)
                {
                    var id = (caller * 3L) + i;
                    var rows = await database.WriteAsync(Of(TryAdd, Key(id), id, Key(id), id), r => r.GetInt64(0), Token);
                    Assert.Equal([id], rows);
                    Assert.Equal(id, await AmountAsync(database, Key(id)));
                }
            },
            Token));

        await Task.WhenAll(callers);
        Assert.Equal(3072, (await KeysAsync(database)).Count);
    }

    [Fact]
    public async Task What_one_caller_sends_for_one_key_without_waiting_commits_in_that_order()
    {
        // The smallest queue there is, so that most of the calls wait in front of it.
        var database = await OpenAsync((DatabaseSettings.QueueLength, "64"), (DatabaseSettings.BatchSize, "16"));
        await database.WriteAsync(Of(AddCounter, "c", "c", 0), Token);

        // Each step changes a row only when the one before it has.
        var steps = Enumerable.Range(1, 500).Select(n => database.WriteAsync(Of(StepCounter, "c", "c", n), Token)).ToList();

        Assert.All(await Task.WhenAll(steps), changed => Assert.Equal(1, changed));
    }

    [Fact]
    public async Task Many_writes_in_one_call_are_each_done_or_not_by_itself()
    {
        // More than wait at once.
        var database = await OpenAsync((DatabaseSettings.QueueLength, "64"), (DatabaseSettings.BatchSize, "16"));
        await database.WriteAllAsync([], Token);
        await database.WriteAllAsync([.. Enumerable.Range(0, 300).Select(i => Adding(i))], Token);
        Assert.Equal(300, (await KeysAsync(database)).Count);

        var failure = await Assert.ThrowsAsync<DatabaseException>(
            () => database.WriteAllAsync([.. Enumerable.Range(290, 20).Select(i => Adding(i))], Token));
        Assert.Equal(DatabaseFailure.UniqueViolation, failure.Failure);
        Assert.Equal(310, (await KeysAsync(database)).Count);

        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => database.WriteAllAsync([Adding(400)], cancelled.Token));
        Assert.Equal(310, (await KeysAsync(database)).Count);
    }

    [Fact]
    public async Task Cancelled_means_not_done()
    {
        var database = await OpenAsync();
        using var before = new CancellationTokenSource();
        await before.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => database.WriteAsync(Adding(0), before.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => database.TransactAsync(Key(0), t => t.ExecuteAsync(Add, 0, Key(0), 0), before.Token));

        // Cancelled while they wait, join or commit: whichever it was, the outcome is the truth.
        var sources = Enumerable.Range(1, 500).Select(_ => new CancellationTokenSource()).ToList();
        var writes = sources.Select((source, i) => database.WriteAsync(Adding(i + 1), source.Token)).ToList();
        foreach (var source in sources.Where((_, i) => i % 2 == 0))
            await source.CancelAsync();

        var done = new HashSet<string>();
        for (var i = 0; i < writes.Count; i++)
        {
            try
            {
                Assert.Equal(1, await writes[i]);
                done.Add(Key(i + 1));
            }
            catch (OperationCanceledException)
            {
                Assert.Equal(0, i % 2);
            }

            sources[i].Dispose();
        }

        Assert.Equal(done, await KeysAsync(database));
    }
}
