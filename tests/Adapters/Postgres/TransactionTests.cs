using Groundwork.Ports.Database;
using static Groundwork.Postgres.Tests.Notes;

namespace Groundwork.Postgres.Tests;

public sealed class TransactionTests(TestServer postgres)
{
    private static readonly Statement Read = new("select n from notes where key = $1");
    private static readonly Statement Set = new("update notes set n = $2 where key = $1");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Increments_from_two_copies_of_the_program_are_never_lost()
    {
        var connection = await postgres.CreateDatabaseAsync(Token);
        await using var one = Server(connection);
        await using var two = Server(connection);
        IDatabase[] databases = [await one.OpenAsync(Schema, Token), await two.OpenAsync(Schema, Token)];
        await databases[0].WriteAsync(Adding(1, "counter"), Token);

        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => IncrementAsync(databases[i % 2])));

        Assert.Equal([100], await databases[0].ReadAsync(new Command(Read, "counter", "counter"), r => r.GetInt64(0), Freshness.Latest, Token));
    }

    [Fact]
    public async Task A_failed_statement_dooms_its_transaction_even_where_the_work_hides_the_failure()
    {
        var connection = await postgres.CreateDatabaseAsync(Token);
        await using var server = Server(connection);
        var database = await server.OpenAsync(Schema, Token);
        await database.WriteAsync(Adding(1, "taken"), Token);

        var failure = await Assert.ThrowsAsync<DatabaseException>(() => database.TransactAsync(
            "a",
            async t =>
            {
                await t.ExecuteAsync(Insert, 2, "a");
                await Assert.ThrowsAsync<DatabaseException>(async () => await t.ExecuteAsync(Insert, 3, "taken"));
                return 0;
            },
            Token));

        Assert.Equal(DatabaseFailure.UniqueViolation, failure.Failure);
        Assert.Equal(1, await OneAsync(database, Count));
    }

    [Fact]
    public async Task A_transaction_that_escaped_its_work_is_refused()
    {
        var connection = await postgres.CreateDatabaseAsync(Token);
        await using var server = Server(connection);
        var database = await server.OpenAsync(Schema, Token);

        var escaped = await database.TransactAsync("a", t => ValueTask.FromResult(t), Token);

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await escaped.ExecuteAsync(Insert, 1, "a"));
    }

    private static async Task IncrementAsync(IDatabase database)
    {
        while (true)
        {
            try
            {
                await database.TransactAsync(
                    "counter",
                    async t =>
                    {
                        var n = Assert.Single(await t.QueryAsync(Read, r => r.GetInt64(0), "counter"));
                        return await t.ExecuteAsync(Set, "counter", n + 1);
                    },
                    Token);
                return;
            }
            catch (DatabaseException e) when (e.Failure == DatabaseFailure.Contention)
            {
                // Not done, by contract: try again.
            }
        }
    }
}
