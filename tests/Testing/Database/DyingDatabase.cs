using System.Data.Common;
using Groundwork.Ports.Database;

namespace Groundwork.Testing.Database;

/// <summary>
/// The database as a process sees it that dies at its n-th step: before the step is done, or after it was done and before its
/// outcome is known. From then on nothing succeeds. A step is a call of the port, or a statement in a transaction.
/// </summary>
public sealed class DyingDatabase(IDatabase inner, int dieAt, bool afterwards) : IDatabase
{
    private int _steps;

    /// <summary>Whether it came to it.</summary>
    public bool Died => _steps >= dieAt;

    public string Name => inner.Name;

    public bool IsShared => inner.IsShared;

    public Task<IReadOnlyList<T>> WriteAsync<T>(
        Command command, Func<DbDataReader, T> map, CancellationToken cancellationToken = default) =>
        StepAsync(() => inner.WriteAsync(command, map, cancellationToken));

    public Task<int> WriteAsync(Command command, CancellationToken cancellationToken = default) =>
        StepAsync(() => inner.WriteAsync(command, cancellationToken));

    public Task<IReadOnlyList<T>> ReadAsync<T>(
        Command command, Func<DbDataReader, T> map, Freshness freshness = Freshness.Latest, CancellationToken cancellationToken = default) =>
        StepAsync(() => inner.ReadAsync(command, map, freshness, cancellationToken));

    public Task<T> TransactAsync<T>(
        string key, Func<ITransaction, ValueTask<T>> work, CancellationToken cancellationToken = default) =>
        StepAsync(() => inner.TransactAsync(key, transaction => work(new DyingTransaction(this, transaction)), cancellationToken));

    /// <summary>Runs a scenario in a process that dies, at each of its steps in turn, until it lives to the end.</summary>
    /// <param name="scenario">Gets a dying database and a number that differs for each run.</param>
    /// <param name="check">Restarts, recovers and checks, after each run, with the same number.</param>
    public static async Task EverywhereAsync(
        Func<IDatabase> real, Func<IDatabase, int, Task> scenario, Func<int, Task> check)
    {
        var run = 0;
        foreach (var afterwards in new[] { false, true })
        {
            for (var step = 1; ; step++)
            {
                var database = new DyingDatabase(real(), step, afterwards);
                run++;
                try
                {
                    await scenario(database, run);
                }
                catch (DatabaseException) when (database.Died)
                {
                    // As it should be.
                }

                await check(run);
                if (!database.Died)
                {
                    Assert.True(step > 1);
                    break;
                }
            }
        }
    }

    private async Task<T> StepAsync<T>(Func<Task<T>> step)
    {
        var number = Begin();
        var result = await step();
        End(number);
        return result;
    }

    private int Begin()
    {
        var number = ++_steps;
        if (number > dieAt || (number == dieAt && !afterwards))
            throw Dead();
        return number;
    }

    private void End(int number)
    {
        if (number == dieAt)
            throw Dead();
    }

    private static DatabaseException Dead() => new(DatabaseFailure.Unavailable, "The process has died.");

    private sealed class DyingTransaction(DyingDatabase database, ITransaction inner) : ITransaction
    {
        public ValueTask<int> ExecuteAsync(Statement statement, params ReadOnlySpan<DbValue> arguments)
        {
            var number = database.Begin();
            return DoneAsync(number, inner.ExecuteAsync(statement, arguments));
        }

        public ValueTask<IReadOnlyList<T>> QueryAsync<T>(
            Statement statement, Func<DbDataReader, T> map, params ReadOnlySpan<DbValue> arguments)
        {
            var number = database.Begin();
            return DoneAsync(number, inner.QueryAsync(statement, map, arguments));
        }

        private async ValueTask<T> DoneAsync<T>(int number, ValueTask<T> statement)
        {
            var result = await statement;
            database.End(number);
            return result;
        }
    }
}
