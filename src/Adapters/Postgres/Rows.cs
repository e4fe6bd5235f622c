using System.Data.Common;
using System.Runtime.ExceptionServices;
using Groundwork.Ports.Database;
using Npgsql;

namespace Groundwork.Postgres;

/// <summary>Runs a command and maps its rows.</summary>
internal static class Rows
{
    /// <summary>All rows of a statement, on a connection of the pool.</summary>
    public static async Task<Mapped<T>> ReadAsync<T>(
        NpgsqlDataSource source, Command command, Func<DbDataReader, T> map, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var sent = new NpgsqlCommand(Sql.Text(command.Statement), connection);
        Sql.Add(sent.Parameters, command.Arguments);
        return await ReadAsync(sent, map, cancellationToken);
    }

    /// <summary>
    /// All rows of a command, which is disposed of. What <paramref name="map"/> throws is kept apart from what PostgreSQL reports:
    /// it comes out as <see cref="Mapped{T}.Failure"/>.
    /// </summary>
    public static async Task<Mapped<T>> ReadAsync<T>(
        NpgsqlCommand command, Func<DbDataReader, T> map, CancellationToken cancellationToken)
    {
        await using (command)
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            List<T>? rows = null;
            while (await reader.ReadAsync(cancellationToken))
            {
                try
                {
                    (rows ??= []).Add(map(reader));
                }
                catch (Exception e)
                {
                    return new Mapped<T>([], ExceptionDispatchInfo.Capture(e));
                }
            }

            return new Mapped<T>(rows ?? (IReadOnlyList<T>)[], null);
        }
    }
}

/// <summary>Mapped rows, or what their map threw.</summary>
internal readonly record struct Mapped<T>(IReadOnlyList<T> Rows, ExceptionDispatchInfo? Failure)
{
    /// <summary>The rows; throws what the map threw.</summary>
    public IReadOnlyList<T> Get()
    {
        Failure?.Throw();
        return Rows;
    }
}
