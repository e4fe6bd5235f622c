using Groundwork.Ports.Database;
using Npgsql;
using static Groundwork.Postgres.Tests.Notes;

namespace Groundwork.Postgres.Tests;

/// <summary>Commands that are certainly in one batch, since the batch before them is held up by a lock.</summary>
public sealed class BatchTests(TestServer postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commands_that_wait_together_share_one_transaction()
    {
        await using var held = await HeldAsync();
        var writes = Enumerable.Range(1, 1500).Select(i => held.Database.WriteAsync(Adding(i), Token)).ToList();
        await held.LetGoAsync();

        Assert.All(await Task.WhenAll(writes), changed => Assert.Equal(1, changed));
        Assert.Equal(2, await OneAsync(held.Database, CountOfTransactions));
    }

    [Fact]
    public async Task A_taken_key_in_the_middle_of_a_batch_fails_its_own_caller_and_costs_two_more_transactions()
    {
        await using var held = await HeldAsync();
        var before = Enumerable.Range(1, 50).Select(i => held.Database.WriteAsync(Adding(i), Token)).ToList();
        var offender = held.Database.WriteAsync(Adding(1000, "k7"), Token);
        var after = Enumerable.Range(51, 50).Select(i => held.Database.WriteAsync(Adding(i), Token)).ToList();
        await held.LetGoAsync();

        var failure = await Assert.ThrowsAsync<DatabaseException>(() => offender);
        Assert.Equal(DatabaseFailure.UniqueViolation, failure.Failure);
        Assert.All(await Task.WhenAll(before.Concat(after)), changed => Assert.Equal(1, changed));
        Assert.Equal(3, await OneAsync(held.Database, CountOfTransactions));
    }

    [Fact]
    public async Task Each_caller_gets_its_own_rows_among_neighbours_that_return_none()
    {
        await using var held = await HeldAsync();
        var counts = new List<Task<int>>();
        var rows = new List<Task<IReadOnlyList<(long, string)>>>();
        for (var id = 1; id <= 200; id++)
        {
            if (id % 3 == 0)
                counts.Add(held.Database.WriteAsync(new Command(InsertReturning, "", id, $"k{id}"), Token));
            else if (id % 3 == 1)
                counts.Add(held.Database.WriteAsync(Adding(id), Token));
            else
                rows.Add(held.Database.WriteAsync(new Command(InsertReturning, "", id, $"k{id}"), r => (r.GetInt64(0), r.GetString(1)), Token));
        }

        var none = held.Database.WriteAsync(Adding(201), r => r.GetInt64(0), Token);
        await held.LetGoAsync();

        Assert.All(await Task.WhenAll(counts), changed => Assert.Equal(1, changed));
        Assert.Equal(
            Enumerable.Range(1, 200).Where(id => id % 3 == 2).Select(id => ((long)id, $"k{id}")),
            (await Task.WhenAll(rows)).Select(Assert.Single));
        Assert.Empty(await none);
    }

    [Fact]
    public async Task A_map_that_throws_fails_its_own_caller_and_its_command_is_not_done()
    {
        await using var held = await HeldAsync();
        var neighbour = held.Database.WriteAsync(Adding(1), Token);
        var thrower = held.Database.WriteAsync<long>(
            new Command(InsertReturning, "", 2, "k2"), _ => throw new TimeZoneNotFoundException("the caller's own"), Token);
        var other = held.Database.WriteAsync(Adding(3), Token);
        await held.LetGoAsync();

        Assert.Equal("the caller's own", (await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => thrower)).Message);
        Assert.Equal(1, await neighbour);
        Assert.Equal(1, await other);
        var ids = await held.Database.ReadAsync(new Command(Ids, Command.AnyKey), r => r.GetInt64(0), Freshness.Latest, Token);
        Assert.Equal([0, 1, 3], ids);
    }

    [Fact]
    public async Task A_text_that_PostgreSQL_cannot_hold_fails_its_own_caller()
    {
        await using var held = await HeldAsync();
        var neighbour = held.Database.WriteAsync(Adding(1), Token);
        var zero = held.Database.WriteAsync(Adding(2, "a\0b"), Token);
        var halfAPair = held.Database.WriteAsync(Adding(3, "a\ud800b"), Token);
        var other = held.Database.WriteAsync(Adding(4), Token);
        await held.LetGoAsync();

        Assert.Equal(DatabaseFailure.ConstraintViolation, (await Assert.ThrowsAsync<DatabaseException>(() => zero)).Failure);
        Assert.Equal(DatabaseFailure.ConstraintViolation, (await Assert.ThrowsAsync<DatabaseException>(() => halfAPair)).Failure);
        Assert.All(await Task.WhenAll(neighbour, other), changed => Assert.Equal(1, changed));
    }

    [Fact]
    public async Task A_full_disk_is_called_by_its_name()
    {
        var connection = await postgres.CreateDatabaseAsync(Token);
        await using var server = Server(connection);
        var database = await server.OpenAsync(Schema, Token);
        await TestServer.ExecuteAsync(
            connection,
            """
            create function notes.refuse() returns trigger language plpgsql as $$
            begin
                raise exception 'could not extend file: No space left on device' using errcode = '53100';
            end $$;
            create trigger refuse before insert on notes.notes for each row when (new.key = 'large') execute function notes.refuse();
            """,
            Token);

        var failure = await Assert.ThrowsAsync<DatabaseException>(() => database.WriteAsync(Adding(1, "large"), Token));

        Assert.Equal(DatabaseFailure.DiskFull, failure.Failure);
        Assert.Equal(1, await database.WriteAsync(Adding(2, "small"), Token));
        Assert.Equal(1, await OneAsync(database, Count));
    }

    private async Task<HeldDatabase> HeldAsync()
    {
        var connection = await postgres.CreateDatabaseAsync(Token);
        var server = Server(connection, (PostgresSettings.Writers, "1"));
        var database = await server.OpenAsync(Schema, Token);

        var holder = new NpgsqlConnection($"{connection};Pooling=false");
        await holder.OpenAsync(Token);
        await using var command = new NpgsqlCommand("begin; lock table notes.notes in exclusive mode", holder);
        await command.ExecuteNonQueryAsync(Token);

        // The lane has taken this one, alone, once its connection is seen to wait for the lock.
        var first = database.WriteAsync(Adding(0), Token);
        await using var waiting = new NpgsqlCommand("select count(*) from pg_locks where not granted and relation = 'notes.notes'::regclass", holder);
        while ((long)(await waiting.ExecuteScalarAsync(Token))! == 0)
            await Task.Yield();
        return new HeldDatabase(server, database, holder, first);
    }

    private sealed record HeldDatabase(IDatabaseServer Server, IDatabase Database, NpgsqlConnection Holder, Task<int> First) : IAsyncDisposable
    {
        public async Task LetGoAsync()
        {
            await Holder.DisposeAsync();
            Assert.Equal(1, await First);
        }

        public async ValueTask DisposeAsync()
        {
            await Holder.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}
