using System.Net;
using System.Net.Sockets;
using Groundwork.Ports.Database;
using Npgsql;
using static Groundwork.Postgres.Tests.Notes;

namespace Groundwork.Postgres.Tests;

/// <summary>What an operator reads when the connection is wrong; never the password.</summary>
public sealed class AddressTests(TestServer postgres)
{
    private const string Password = "correct-horse";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_address_where_nobody_listens_is_named_with_what_to_do()
    {
        // Port 1 belongs to a service that nobody has run since 1988.
        await using var server = Server($"Host=127.0.0.1;Port=1;Username=me;Password={Password};Database=shop");

        var opening = await Assert.ThrowsAsync<DatabaseException>(() => server.OpenAsync(Schema, Token));
        var checking = await Assert.ThrowsAsync<DatabaseException>(() => server.CheckAsync(Token));

        foreach (var failure in (DatabaseException[])[opening, checking])
        {
            Assert.Equal(DatabaseFailure.Unavailable, failure.Failure);
            Assert.Contains("127.0.0.1:1/shop", failure.Message, StringComparison.Ordinal);
            Assert.Contains("Database:Connection", failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(Password, failure.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_database_that_is_missing_is_named_with_the_command_that_creates_it()
    {
        var connection = await postgres.CreateDatabaseAsync(Token);
        await using var server = Server($"{connection};Database=absent;Password={Password}");

        var failure = await Assert.ThrowsAsync<DatabaseException>(() => server.OpenAsync(Schema, Token));

        Assert.Equal(DatabaseFailure.Unavailable, failure.Failure);
        Assert.Contains("createdb absent", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=a;Password=correct;horse=1")]
    [InlineData("Host=a;Port=correct-horse")]
    [InlineData("correct-horse")]
    [InlineData("Username=me;Password=correct-horse")]
    public void A_connection_string_that_cannot_be_read_is_refused_without_repeating_it(string connection)
    {
        var failure = Assert.Throws<DatabaseException>(() => Server(connection));

        Assert.Contains("Database:Connection cannot be read", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("horse", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=a", 2, 5)]
    [InlineData("Host=a;Timeout=7;Command Timeout=90", 7, 90)]
    [InlineData("Host=a;timeout=7;CommandTimeout=0", 7, 0)]
    public void Nothing_waits_long_for_a_server_that_hangs_unless_it_is_told_to(string connection, int connect, int command)
    {
        using var pool = PostgresAddress.Primary(connection).Pool(schema: null, connections: 1);

        var inForce = new NpgsqlConnectionStringBuilder(pool.ConnectionString);
        Assert.Equal((connect, command), (inForce.Timeout, inForce.CommandTimeout));
    }

    [Theory]
    [InlineData("Host=a", null)]
    [InlineData("Host=a,b", "primary")]
    [InlineData("Host=a:6000,b:6001;Target Session Attributes=read-write", "read-write")]
    public void Of_several_hosts_the_primary_is_meant_unless_it_is_said_otherwise(string connection, string? expected)
    {
        using var pool = PostgresAddress.Primary(connection).Pool(schema: null, connections: 1);

        Assert.Equal(expected, new NpgsqlConnectionStringBuilder(pool.ConnectionString).TargetSessionAttributes);
    }

    [Fact]
    public void A_choice_of_hosts_where_there_is_one_is_refused_in_words() => Assert.Contains(
        "Target Session Attributes",
        Assert.Throws<DatabaseException>(() => Server("Host=a;Target Session Attributes=primary")).Message,
        StringComparison.Ordinal);

    [Fact]
    public async Task A_password_that_is_asked_for_and_was_not_set_is_named()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var asking = AskForPasswordAsync(listener);
        await using var server = Server(
            $"Host=127.0.0.1;Port={((IPEndPoint)listener.LocalEndpoint).Port};Username=me;Database=shop;SSL Mode=Disable;GSS Encryption Mode=Disable");

        var failure = await Assert.ThrowsAsync<DatabaseException>(() => server.CheckAsync(Token));
        await asking;

        Assert.Contains("No password", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Check Username, Password", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=db.example.org;Port=6000", "--host=db.example.org --port=6000")]
    [InlineData("Host=db1,db2:6001;Port=6000", "--host=db1,db2 --port=6000,6001")]
    public async Task A_backup_is_the_business_of_a_tool_that_is_named_without_the_password(string hosts, string expected)
    {
        await using var server = Server($"{hosts};Username=me;Password={Password};Database=shop");

        var refusal = await Assert.ThrowsAsync<NotSupportedException>(() => server.BackupAsync("/backup", Token));

        Assert.Contains($"pg_dump {expected} --username=me", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_whose_commits_do_not_wait_for_the_disk_is_made_to_wait_on_our_connections()
    {
        var connection = await postgres.CreateDatabaseAsync(Token);
        await TestServer.ExecuteAsync(
            connection,
            "do $$ begin execute format('alter database %I set synchronous_commit = off', current_database()); end $$",
            Token);
        await using var server = Server(connection);
        var database = await server.OpenAsync(Schema, Token);

        var inForce = await database.ReadAsync(
            new Command(new Statement("select current_setting('synchronous_commit')"), Command.AnyKey),
            r => r.GetString(0),
            Freshness.Latest,
            Token);

        Assert.Equal("on", Assert.Single(inForce));
    }

    // A server that wants a password: AuthenticationCleartextPassword, message R of the protocol.
    private static async Task AskForPasswordAsync(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync(Token);
        var stream = client.GetStream();
        await stream.ReadAtLeastAsync(new byte[512], 8, cancellationToken: Token);
        await stream.WriteAsync(new byte[] { (byte)'R', 0, 0, 0, 8, 0, 0, 0, 3 }, Token);
        await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, Token); // until it hangs up
    }
}
