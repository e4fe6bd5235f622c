using System.Collections.Concurrent;
using Groundwork.Ports.Database;

namespace Groundwork.Platform.Data;

/// <summary>The modules' databases, each opened before its module starts.</summary>
public sealed class OpenDatabases(IDatabaseServer server)
{
    private readonly ConcurrentDictionary<string, IDatabase> _open = new(StringComparer.Ordinal);

    /// <summary>A module's database.</summary>
    /// <exception cref="InvalidOperationException">It was asked for before it was open.</exception>
    public IDatabase this[string schema] => _open.TryGetValue(schema, out var database)
        ? database
        : throw new InvalidOperationException($"The database '{schema}' is asked for before its module starts.");

    /// <summary>Opens and migrates it.</summary>
    public async Task OpenAsync(DatabaseSchema schema, CancellationToken cancellationToken) =>
        _open[schema.Name] = new TracedDatabase(await server.OpenAsync(schema, cancellationToken), server.Engine);
}
