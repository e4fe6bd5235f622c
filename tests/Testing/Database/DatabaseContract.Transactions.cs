using Groundwork.Ports.Database;
using static Groundwork.Testing.Database.ContractSchema;

namespace Groundwork.Testing.Database;

/// <content>Several statements as one.</content>
public abstract partial class DatabaseContract
{
    [Fact]
    public async Task A_transaction_sees_what_it_did_and_commits_whole()
    {
        var database = await OpenAsync();

        var seen = await database.TransactAsync(
            "a",
            async t =>
            {
                Assert.Equal(1, await t.ExecuteAsync(Add, 1, "a", 10));
                Assert.Equal(1, await t.ExecuteAsync(AddCounter, "a", 3));
                Assert.Equal(0, await t.ExecuteAsync(Raise, "absent", 1));
                return Assert.Single(await t.QueryAsync(Amount, r => r.GetInt64(0), "a"));
            },
            Token);

        Assert.Equal(10, seen);
        Assert.Equal(10, await AmountAsync(database, "a"));
        Assert.Equal([3], await database.ReadAsync(Of(Counter, "a", "a"), r => r.GetInt64(0), Freshness.Latest, Token));
    }

    [Fact]
    public async Task An_exception_in_a_transaction_reaches_the_caller_and_nothing_stays()
    {
        var database = await OpenAsync();
        var neighbours = Enumerable.Range(10, 20).Select(i => database.WriteAsync(Adding(i), Token)).ToList();

        var thrown = await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => database.TransactAsync<int>(
            "a",
            async t =>
            {
                await t.ExecuteAsync(Add, 1, "a", 10);
                throw new TimeZoneNotFoundException("the caller's own");
            },
            Token));

        Assert.Equal("the caller's own", thrown.Message);
        Assert.Null(await AmountAsync(database, "a"));
        Assert.All(await Task.WhenAll(neighbours), changed => Assert.Equal(1, changed));
    }

    [Fact]
    public async Task A_taken_key_in_a_transaction_undoes_all_of_it()
    {
        var database = await OpenAsync();
        await database.WriteAsync(Adding(1, "taken"), Token);

        var failure = await FailureAsync(database.TransactAsync(
            "a",
            async t =>
            {
                await t.ExecuteAsync(Add, 2, "a", 10);
                return await t.ExecuteAsync(Add, 3, "taken", 10);
            },
            Token));

        Assert.Equal(DatabaseFailure.UniqueViolation, failure);
        Assert.Equal(["taken"], await KeysAsync(database));
    }

    [Fact]
    public async Task Transactions_that_read_and_then_write_never_lose_an_update()
    {
        const int Callers = 16;
        const int Rounds = 8;
        var database = await OpenAsync();
        await database.WriteAsync(Of(AddCounter, "c", "c", 0), Token);

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(
            async () =>
            {
                for (var round = 0; round < Rounds;)
                {
                    try
                    {
                        await database.TransactAsync(
                            "c",
                            async t =>
                            {
                                var n = Assert.Single(await t.QueryAsync(Counter, r => r.GetInt64(0), "c"));
                                return await t.ExecuteAsync(SetCounter, "c", n + 1);
                            },
                            Token);
                        round++;
                    }
                    catch (DatabaseException e) when (e.Failure == DatabaseFailure.Contention)
                    {
                        // Not done, by contract: try again.
                    }
                }
            },
            Token)));

        Assert.Equal([Callers * Rounds], await database.ReadAsync(Of(Counter, "c", "c"), r => r.GetInt64(0), Freshness.Latest, Token));
    }
}
