using Groundwork.Ports.Database;

namespace Groundwork.Testing.Database;

/// <summary>Whether a schema says how each of its tables is spread over nodes.</summary>
public static class DeclaredTables
{
    /// <summary>Compares the tables that the migrations made with those that the schema declares.</summary>
    /// <param name="database">The schema's database, open and migrated.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="listTables">Lists the tables of the schema whose name is <c>$1</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task AssertCompleteAsync(
        IDatabase database, DatabaseSchema schema, Statement listTables, CancellationToken cancellationToken)
    {
        var found = await database.ReadAsync(
            new Command(listTables, Command.AnyKey, schema.Name), r => r.GetString(0), Freshness.Latest, cancellationToken);
        Assert.Equal(schema.Tables.Select(t => t.Name).Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));

        foreach (var table in schema.Tables)
        {
            // A key that is no column fails here, as a statement that the database refuses.
            await database.ReadAsync(
                new Command(new Statement($"select {table.DistributionKey} from {table.Name} limit 0"), Command.AnyKey),
                r => 0,
                Freshness.Latest,
                cancellationToken);
        }
    }
}
