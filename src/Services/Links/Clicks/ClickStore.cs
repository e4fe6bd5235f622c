using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Groundwork.Ports.Database;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Links.Clicks;

/// <summary>Clicks at rest: parts of rollups, spread by the link's number; and the days' salts.</summary>
internal sealed class ClickStore([FromKeyedServices(LinkStore.SchemaName)] IDatabase database)
{
    /// <summary>Its tables.</summary>
    public static readonly IReadOnlyList<Table> Tables = [new("clicks", "number"), new("click_salts", "day")];

    // How long a day's salt is of use: clicks of a day are all counted soon after its end.
    private const int SaltDays = 2;

    private static readonly Statement InsertPart = new("""
        insert into clicks (number, hour, part, rollup) values ($1, $2, $3, $4) on conflict do nothing
        """);

    private static readonly Statement SelectParts = new("select hour, part, rollup from clicks where number = $1 and hour >= $2 and hour < $3");

    private static readonly Statement DeletePart = new("delete from clicks where number = $1 and hour = $2 and part = $3");

    private static readonly Statement DeleteLink = new("delete from clicks where number = $1");

    private static readonly Statement InsertSalt = new("insert into click_salts (day, salt) values ($1, $2) on conflict do nothing");

    private static readonly Statement SelectSalt = new("select salt from click_salts where day = $1");

    private static readonly Statement DeleteSalts = new("delete from click_salts where day < $1");

    /// <summary>Writes a part; the same one again changes nothing.</summary>
    public Task WriteAsync(long number, long hour, long part, byte[] rollup, CancellationToken cancellationToken) =>
        database.WriteAsync(new Command(InsertPart, Key(number), number, hour, part, rollup), cancellationToken);

    /// <summary>All parts of a link from an hour until before another.</summary>
    public Task<IReadOnlyList<ClickPart>> ReadAsync(long number, long fromHour, long toHour, CancellationToken cancellationToken) =>
        database.ReadAsync(
            new Command(SelectParts, Key(number), number, fromHour, toHour),
            row => new ClickPart(row.GetInt64(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2)),
            Freshness.ReplicaWillDo,
            cancellationToken);

    /// <summary>Makes one part of all that there are of a link's hour. Whatever others write meanwhile stays beside it.</summary>
    public Task<bool> MergeAsync(long number, long hour, CancellationToken cancellationToken)
    {
        return database.TransactAsync(Key(number), MergeAsync, cancellationToken);

        async ValueTask<bool> MergeAsync(ITransaction transaction)
        {
            var parts = await transaction.QueryAsync(
                SelectParts, row => (Part: row.GetInt64(1), Rollup: row.GetFieldValue<byte[]>(2)), number, hour, hour + 1);
            if (parts.Count < 2)
                return false;
            var merged = new Rollup();
            foreach (var (part, rollup) in parts)
            {
                merged.MergeFrom(rollup);
                await transaction.ExecuteAsync(DeletePart, number, hour, part);
            }

            await transaction.ExecuteAsync(InsertPart, number, hour, NewPart(), merged.ToBytes());
            return true;
        }
    }

    /// <summary>Removes all clicks of a link, in a transaction of its number.</summary>
    public static async ValueTask DeleteAsync(ITransaction transaction, long number) => await transaction.ExecuteAsync(DeleteLink, number);

    /// <summary>The salt of a day: made by whoever asks first, shared by all copies. Those of days gone by are removed.</summary>
    public async Task<VisitorSalt> SaltAsync(long day, CancellationToken cancellationToken)
    {
        var key = Key(day);
        await database.WriteAsync(new Command(InsertSalt, key, day, RandomNumberGenerator.GetBytes(16)), cancellationToken);
        var rows = await database.ReadAsync(
            new Command(SelectSalt, key, day), row => row.GetFieldValue<byte[]>(0), Freshness.Latest, cancellationToken);
        await database.WriteAsync(new Command(DeleteSalts, Command.AnyKey, day - SaltDays), cancellationToken);
        return new(day, BinaryPrimitives.ReadUInt64LittleEndian(rows[0]), BinaryPrimitives.ReadUInt64LittleEndian(rows[0].AsSpan(8)));
    }

    /// <summary>The name of a part that nobody else has.</summary>
    public static long NewPart() => Random.Shared.NextInt64();

    private static string Key(long key) => key.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A part of what happened to a link within an hour.</summary>
/// <param name="Hour">Which hour, counted from 1970.</param>
/// <param name="Part">Its name.</param>
/// <param name="Rollup">The bytes of a <see cref="Clicks.Rollup"/>.</param>
internal sealed record ClickPart(long Hour, long Part, byte[] Rollup);
