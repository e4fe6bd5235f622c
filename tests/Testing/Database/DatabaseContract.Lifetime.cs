using Groundwork.Ports.Database;
using static Groundwork.Testing.Database.ContractSchema;

namespace Groundwork.Testing.Database;

/// <content>Opening, closing, and the schema's way from version to version.</content>
public abstract partial class DatabaseContract
{
    private static readonly Migration First = Schema.Migrations[0];
    private static readonly DatabaseSchema OlderSchema = Schema with { Tables = Schema.Tables.Take(2).ToList(), Migrations = [First] };

    [Fact]
    public async Task Opening_the_same_name_again_gives_the_same_database()
    {
        var server = Server(await CreateLocationAsync());
        Assert.Same(await server.OpenAsync(Schema, Token), await server.OpenAsync(Schema, Token));
    }

    [Fact]
    public async Task It_answers_the_health_check_before_and_after_a_database_is_open()
    {
        var server = Server(await CreateLocationAsync());
        await server.CheckAsync(Token);
        await server.OpenAsync(Schema, Token);
        await server.CheckAsync(Token);
    }

    [Fact]
    public async Task Closing_finishes_what_was_accepted_and_the_next_start_finds_it()
    {
        var location = await CreateLocationAsync();
        var server = Server(location);
        var database = await server.OpenAsync(Schema, Token);

        var writes = Enumerable.Range(0, 500).Select(i => database.WriteAsync(Adding(i), Token)).ToList();
        await server.DisposeAsync();

        Assert.All(await Task.WhenAll(writes), changed => Assert.Equal(1, changed));
        var reopened = await Server(location).OpenAsync(Schema, Token);
        Assert.Equal(500, (await KeysAsync(reopened)).Count);
    }

    [Fact]
    public async Task After_closing_everything_is_refused_as_unavailable()
    {
        var server = Server(await CreateLocationAsync());
        var database = await server.OpenAsync(Schema, Token);
        await server.DisposeAsync();
        await server.DisposeAsync();

        Assert.Equal(DatabaseFailure.Unavailable, await FailureAsync(database.WriteAsync(Adding(1), Token)));
        Assert.Equal(DatabaseFailure.Unavailable, await FailureAsync(AmountAsync(database, "a")));
        Assert.Equal(DatabaseFailure.Unavailable, await FailureAsync(database.TransactAsync("a", t => t.ExecuteAsync(Add, 1, "a", 1), Token)));
        Assert.Equal(DatabaseFailure.Unavailable, await FailureAsync(server.OpenAsync(Schema, Token)));
    }

    [Fact]
    public async Task A_newer_program_adds_its_migrations_and_keeps_the_data()
    {
        var location = await CreateLocationAsync();
        var older = Server(location);
        await (await older.OpenAsync(OlderSchema, Token)).WriteAsync(Adding(1, amount: 5), Token);
        await older.DisposeAsync();

        var newer = await Server(location).OpenAsync(Schema, Token);

        Assert.Equal(5, await AmountAsync(newer, Key(1)));
        Assert.Equal(1, await newer.WriteAsync(Of(AddCounter, "c", "c", 0), Token));
    }

    [Fact]
    public async Task An_older_program_is_refused_and_changes_nothing()
    {
        var location = await CreateLocationAsync();
        var newer = Server(location);
        await newer.OpenAsync(Schema, Token);
        await newer.DisposeAsync();

        Assert.Equal(DatabaseFailure.SchemaMismatch, await FailureAsync(Server(location).OpenAsync(OlderSchema, Token)));
        Assert.Equal(1, await (await Server(location).OpenAsync(Schema, Token)).WriteAsync(Adding(1), Token));
    }

    [Fact]
    public async Task A_migration_that_was_changed_after_it_ran_is_refused()
    {
        var location = await CreateLocationAsync();
        var server = Server(location);
        await server.OpenAsync(OlderSchema, Token);
        await server.DisposeAsync();

        var changed = Schema with
        {
            Migrations = [new(First.Component, First.Number, First.Name, First.Sql + " "), Schema.Migrations[1]],
        };

        Assert.Equal(DatabaseFailure.SchemaMismatch, await FailureAsync(Server(location).OpenAsync(changed, Token)));
        var database = await Server(location).OpenAsync(OlderSchema, Token);
        Assert.Equal(1, await database.WriteAsync(Adding(1), Token));
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_nothing_behind_and_the_ones_before_it_stay()
    {
        var location = await CreateLocationAsync();
        var broken = Schema with
        {
            Migrations = [First, new("contract", 2, "counters", "create table counters (key text);\ninsert into nowhere values (1);\n")],
        };

        await Assert.ThrowsAsync<DatabaseException>(() => Server(location).OpenAsync(broken, Token));

        var repaired = await Server(location).OpenAsync(Schema, Token);
        Assert.Equal(1, await repaired.WriteAsync(Of(AddCounter, "c", "c", 0), Token));
    }

    [Fact]
    public async Task Two_programs_that_start_at_once_run_each_migration_once()
    {
        var location = await CreateLocationAsync();
        var schema = Schema with
        {
            Migrations = [.. Schema.Migrations, new("contract", 3, "seed", "insert into things (id, key, amount) values (1, 'seed', 0)")],
        };

        var servers = Enumerable.Range(0, 4).Select(_ => Server(location)).ToList();
        var opened = await Task.WhenAll(servers.Select(server => Task.Run(() => server.OpenAsync(schema, Token), Token)));

        foreach (var database in opened)
            Assert.Equal(["seed"], await KeysAsync(database));
    }

    [Fact]
    public async Task Every_table_is_declared_with_its_distribution_key()
    {
        var database = await OpenAsync();
        await DeclaredTables.AssertCompleteAsync(database, Schema, ListTables, Token);
    }
}
