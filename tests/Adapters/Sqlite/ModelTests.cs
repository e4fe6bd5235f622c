using CsCheck;
using Groundwork.Ports.Database;
using Groundwork.Testing;

namespace Groundwork.Sqlite.Tests;

/// <summary>Any sequence of commands leaves what it would leave in a dictionary, across restarts too.</summary>
public sealed class ModelTests
{
    private static readonly Gen<string> Keys = Gen.Int[0, 7].Select(n => Sample.Key(n));

    private static readonly Gen<Operation> Operations = Gen.OneOf(
        Gen.Select(Keys, Gen.Long[-2, 20]).Select((key, n) => (Operation)new Add(key, n)),
        Gen.Select(Keys, Gen.Long[0, 20]).Select((key, n) => (Operation)new TryAdd(key, n)),
        Gen.Select(Keys, Gen.Long[-9, 9]).Select((key, n) => (Operation)new Raise(key, n)),
        Gen.Select(Keys, Keys, Gen.Long[0, 15]).Select((from, to, n) => (Operation)new Transfer(from, to, n)),
        Keys.Select(key => (Operation)new Drop(key)),
        Gen.Const((Operation)new Restart()));

    private abstract record Operation;

    private sealed record Add(string Key, long Balance) : Operation;

    private sealed record TryAdd(string Key, long Balance) : Operation;

    private sealed record Raise(string Key, long By) : Operation;

    private sealed record Transfer(string From, string To, long Amount) : Operation;

    private sealed record Drop(string Key) : Operation;

    private sealed record Restart : Operation;

    [Fact]
    public Task A_database_is_a_dictionary_with_rules() => Operations.List[0, 30].SampleAsync(
        async operations =>
        {
            using var folder = new TempFolder();
            var server = Sample.Server(folder.Path);
            var database = await server.OpenAsync(Sample.Schema);
            var model = new Dictionary<string, long>(StringComparer.Ordinal);
            foreach (var operation in operations)
            {
                if (operation is Restart)
                {
                    await server.DisposeAsync();
                    server = Sample.Server(folder.Path);
                    database = await server.OpenAsync(Sample.Schema);
                }

                Assert.Equal(Model(model, operation), await RunAsync(database, operation));
                Assert.Equal(model, await Sample.ReadAllAsync(database));
            }

            await server.DisposeAsync();
        },
        iter: 60,
        threads: 1);

    private static string Model(Dictionary<string, long> model, Operation operation)
    {
        switch (operation)
        {
            case Add(_, < 0):
                return nameof(DatabaseFailure.ConstraintViolation);
            case Add(var key, var balance):
                return model.TryAdd(key, balance) ? "1" : nameof(DatabaseFailure.UniqueViolation);
            case TryAdd(var key, var balance):
                return model.TryAdd(key, balance) ? "1" : "0";
            case Raise(var key, var by):
                if (!model.TryGetValue(key, out var old))
                    return "0";
                if (old + by < 0)
                    return nameof(DatabaseFailure.ConstraintViolation);
                model[key] += by;
                return "1";
            case Transfer(var from, var to, var amount):
                if (!model.TryGetValue(from, out var balanceFrom) || !model.ContainsKey(to) || (from != to && balanceFrom < amount))
                    return "refused";
                model[from] -= amount;
                model[to] += amount;
                return "done";
            case Drop(var key):
                return model.Remove(key) ? "1" : "0";
            default:
                return "";
        }
    }

    private static async Task<string> RunAsync(IDatabase database, Operation operation)
    {
        try
        {
            return operation switch
            {
                Add(var key, var balance) => $"{await database.WriteAsync(Sample.Adding(key, balance))}",
                TryAdd(var key, var balance) =>
                    $"{(await database.WriteAsync(new Command(Sample.TryAdd, key, key, balance), r => r.GetInt64(0))).Count}",
                Raise(var key, var by) => $"{await database.WriteAsync(new Command(Sample.Raise, key, key, by))}",
                Transfer(var from, var to, var amount) => await TransferAsync(database, from, to, amount),
                Drop(var key) => $"{await database.WriteAsync(new Command(Sample.Drop, key, key))}",
                _ => "",
            };
        }
        catch (DatabaseException e)
        {
            return e.Failure.ToString();
        }
    }

    // The first step is done before the second shows that it must not be.
    private static async Task<string> TransferAsync(IDatabase database, string from, string to, long amount)
    {
        try
        {
            return await database.TransactAsync(
                from,
                async t =>
                {
                    if (await t.ExecuteAsync(Sample.Raise, to, amount) == 0 || await t.ExecuteAsync(Sample.Raise, from, -amount) == 0)
                        throw new InvalidOperationException("no such account");
                    return "done";
                });
        }
        catch (Exception e) when (e is InvalidOperationException or DatabaseException { Failure: DatabaseFailure.ConstraintViolation })
        {
            return "refused";
        }
    }
}
