using Groundwork.Platform.Tests.Cluster;
using Groundwork.Platform.Tests.Messaging;
using Groundwork.Testing.Servers;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace Groundwork.Platform.Tests.Data;

public sealed class PostgresIdempotencyTests(PostgresServer postgres) : IdempotencyContract(new PostgresHome(postgres));

public sealed class PostgresLeaseTests(PostgresServer postgres) : LeaseContract(new PostgresHome(postgres));

public sealed class PostgresLocalOwnersTests(PostgresServer postgres) : LocalOwnersContract(new PostgresHome(postgres));

public sealed class PostgresWorkQueueTests(PostgresServer postgres) : WorkQueueContract(new PostgresHome(postgres));

public sealed class PostgresWorkQueueWorkerTests(PostgresServer postgres) : WorkQueueWorkerContract(new PostgresHome(postgres));

public sealed class PostgresDurableTimersTests(PostgresServer postgres) : DurableTimersContract(new PostgresHome(postgres));

public sealed class PostgresSignalsTests(PostgresServer postgres) : SignalsContract(new PostgresHome(postgres));

public sealed class PostgresSpansTests(PostgresServer postgres) : SpansContract(new PostgresHome(postgres), "PostgreSQL");

public sealed class PostgresOutboxTests(PostgresServer postgres) : OutboxContract(new PostgresHome(postgres));

public sealed class PostgresOutboxCrashTests(PostgresServer postgres) : OutboxCrashContract(new PostgresHome(postgres));

public sealed class PostgresInboxTests(PostgresServer postgres) : InboxContract(new PostgresHome(postgres));
