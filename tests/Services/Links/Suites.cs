using Groundwork.Links.Tests.Clicks;
using Groundwork.Testing.Servers;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace Groundwork.Links.Tests;

public sealed class SqliteEditTests() : EditContract(null);

public sealed class SqliteIdempotentCreateTests() : IdempotentCreateContract(null);

public sealed class SqliteListingTests() : ListingContract(null);

public sealed class SqliteClickStatsTests() : ClickStatsContract(null);

public sealed class PostgresEditTests(PostgresServer postgres) : EditContract(postgres);

public sealed class PostgresIdempotentCreateTests(PostgresServer postgres) : IdempotentCreateContract(postgres);

public sealed class PostgresListingTests(PostgresServer postgres) : ListingContract(postgres);

public sealed class PostgresClickStatsTests(PostgresServer postgres) : ClickStatsContract(postgres);
