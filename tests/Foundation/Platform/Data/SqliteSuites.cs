using Groundwork.Platform.Tests.Cluster;
using Groundwork.Platform.Tests.Messaging;

namespace Groundwork.Platform.Tests.Data;

public sealed class SqliteIdempotencyTests() : IdempotencyContract(new SqliteHome());

public sealed class SqliteLeaseTests() : LeaseContract(new SqliteHome());

public sealed class SqliteLocalOwnersTests() : LocalOwnersContract(new SqliteHome());

public sealed class SqliteWorkQueueTests() : WorkQueueContract(new SqliteHome());

public sealed class SqliteWorkQueueWorkerTests() : WorkQueueWorkerContract(new SqliteHome());

public sealed class SqliteDurableTimersTests() : DurableTimersContract(new SqliteHome());

public sealed class SqliteSignalsTests() : SignalsContract(new SqliteHome());

public sealed class SqliteSpansTests() : SpansContract(new SqliteHome(), "SQLite");

public sealed class SqliteOutboxTests() : OutboxContract(new SqliteHome());

public sealed class SqliteOutboxCrashTests() : OutboxCrashContract(new SqliteHome());

public sealed class SqliteInboxTests() : InboxContract(new SqliteHome());
