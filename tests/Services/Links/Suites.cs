using Groundwork.Links.Tests.Clicks;
using Groundwork.Testing.Servers;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace Groundwork.Links.Tests;

public sealed class SqliteEditTests() : EditContract(() => new(""));

public sealed class SqliteIdempotentCreateTests() : IdempotentCreateContract(() => new(""));

public sealed class SqliteClickStatsTests() : ClickStatsContract(() => new(""));

public sealed class PostgresEditTests(PostgresServer postgres) : EditContract(() => new(postgres.CreateDatabaseAsync(TestContext.Current.CancellationToken)));

public sealed class PostgresIdempotentCreateTests(PostgresServer postgres)
    : IdempotentCreateContract(() => new(postgres.CreateDatabaseAsync(TestContext.Current.CancellationToken)));

public sealed class PostgresClickStatsTests(PostgresServer postgres)
    : ClickStatsContract(() => new(postgres.CreateDatabaseAsync(TestContext.Current.CancellationToken)));
