using System.Buffers.Binary;
using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using Groundwork.Ports.Database;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Links.Clicks;

/// <summary>
/// Clicks at rest: parts of the rollups of hours, and of days long over their sums, spread by the link's number; and the days' salts.
/// </summary>
/// <remarks>
/// <para>Invariant: a day's row says what its hours' parts say. A merge changes no sum, and so no day. A part that comes to a day
/// that may have its row takes the row away in the same transaction (<see cref="WriteLateAsync"/>), and the next
/// <see cref="FoldAsync"/> makes it anew.</para>
/// <para>Both are serializable. Where they run at the same time, the fold has not read the part, and the late write has not met the
/// row: each missed what the other did, in no order of the two could that be, and the database has one of them try again.</para>
/// <para><see cref="WriteAllAsync"/> is outside of that, as it shares a transaction with others' writes: it is for days that nobody
/// folds yet. Between the last such write of a day and its first fold there is nearly a day, by the clocks of two copies: so far
/// apart they may be, and so long may a write be under way.</para>
/// <para>A part that was counted from a topic (<see cref="PartName"/>) may be written again, by whoever goes on with its window. So a merge that has added it to another leaves its row
/// empty: the name stays taken. <see cref="FoldAsync"/> removes such rows, a day later at least, where their windows are finished.</para>
/// </remarks>
internal sealed class ClickStore([FromKeyedServices(LinkStore.SchemaName)] IDatabase database)
{
    /// <summary>Its tables.</summary>
    public static readonly IReadOnlyList<Table> Tables = [new("clicks", "number"), new("click_days", "number"), new("click_salts", "day"), .. WindowStore.Tables];

    /// <summary>From how many parts on it is worth a transaction to make one of them.</summary>
    public const int ManyParts = 4;

    // How long a day's salt is of use: clicks of a day are all counted soon after its end.
    private const int SaltDays = 2;

    private static readonly Statement InsertPart = new("""
        insert into clicks (number, hour, part, rollup) values ($1, $2, $3, $4) on conflict do nothing
        """);

    private static readonly Statement SelectParts = new("""
        select hour, part, rollup from clicks where number = $1 and hour >= $2 and hour < $3 and length(rollup) > 0
        """);

    private static readonly Statement EmptyPart = new("update clicks set rollup = $4 where number = $1 and hour = $2 and part = $3");

    private static readonly Statement SelectEmpty = new("""
        select hour, part from clicks where number = $1 and hour >= $2 and hour < $3 and length(rollup) = 0
        """);

    private static readonly Statement DeletePart = new("delete from clicks where number = $1 and hour = $2 and part = $3");

    // One statement, so that each day comes from one moment: as its row, or as its parts.
    private static readonly Statement SelectDaysAndParts = new("""
        select day * 24, -1, rollup from click_days where number = $1 and day >= $4 and day < $5
        union all
        select hour, part, rollup from clicks where number = $1 and hour >= $2 and hour < $3 and length(rollup) > 0
            and hour / 24 not in (select day from click_days where number = $1 and day >= $4 and day < $5)
        """);

    private static readonly Statement CountUnfolded = new("""
        select hour, count(*) from clicks where number = $1 and hour >= $2 and hour < $3 and length(rollup) > 0
            and not exists (select 1 from click_days where number = $1 and day = $4)
        group by hour
        """);

    private static readonly Statement InsertDay = new("insert into click_days (number, day, rollup) values ($1, $2, $3) on conflict do nothing");

    private static readonly Statement DeleteDay = new("delete from click_days where number = $1 and day = $2");

    private static readonly Statement DeleteDays = new("delete from click_days where number = $1");

    private static readonly Statement DeleteLink = new("delete from clicks where number = $1");

    private static readonly Statement InsertSalt = new("insert into click_salts (day, salt) values ($1, $2) on conflict do nothing");

    private static readonly Statement SelectSalt = new("select salt from click_salts where day = $1");

    private static readonly Statement DeleteSalts = new("delete from click_salts where day < $1");

    /// <summary>Writes a part of a day that nobody folds yet; the same one again changes nothing.</summary>
    public Task WriteAsync(long number, long hour, long part, byte[] rollup, CancellationToken cancellationToken) =>
        database.WriteAsync(Writing(number, hour, part, rollup), cancellationToken);

    /// <summary>Writes many such parts.</summary>
    /// <returns>Completes when all are written, or some have failed.</returns>
    public Task WriteAllAsync(IReadOnlyList<Command> parts, CancellationToken cancellationToken) => database.WriteAllAsync(parts, cancellationToken);

    /// <summary>The writing of a part, for <see cref="WriteAllAsync"/>.</summary>
    public static Command Writing(long number, long hour, long part, byte[] rollup) => new(InsertPart, Key(number), number, hour, part, rollup);

    /// <summary>Writes a part of a day that may have been folded; the same one again adds nothing.</summary>
    public Task WriteLateAsync(long number, long hour, long part, byte[] rollup, CancellationToken cancellationToken)
    {
        return database.TransactAsync(Key(number), WriteAsync, cancellationToken);

        async ValueTask<bool> WriteAsync(ITransaction transaction)
        {
            await transaction.ExecuteAsync(InsertPart, number, hour, part, rollup);
            return await transaction.ExecuteAsync(DeleteDay, number, hour / 24) > 0;
        }
    }

    /// <summary>All parts of a link from an hour until before another.</summary>
    public Task<IReadOnlyList<ClickPart>> ReadAsync(long number, long fromHour, long toHour, CancellationToken cancellationToken) =>
        database.ReadAsync(new Command(SelectParts, Key(number), number, fromHour, toHour), ReadPart, Freshness.Latest, cancellationToken);

    /// <summary>The same of a time that is over, as it was some seconds ago at worst.</summary>
    /// <param name="number">Which link.</param>
    /// <param name="fromHour">From which hour.</param>
    /// <param name="toHour">Until before which.</param>
    /// <param name="byDay">Whether a day that lies in it wholly may come as one part.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<IReadOnlyList<ClickPart>> ReadEarlierAsync(
        long number, long fromHour, long toHour, bool byDay, CancellationToken cancellationToken)
    {
        var (fromDay, toDay) = byDay ? ((fromHour + 23) / 24, toHour / 24) : (0, 0);
        return database.ReadAsync(
            new Command(SelectDaysAndParts, Key(number), number, fromHour, toHour, fromDay, toDay),
            ReadPart, Freshness.ReplicaWillDo, cancellationToken);
    }

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
                if (PartName.IsOfTopic(part))
                    await transaction.ExecuteAsync(EmptyPart, number, hour, part, Array.Empty<byte>());
                else
                    await transaction.ExecuteAsync(DeletePart, number, hour, part);
            }

            await transaction.ExecuteAsync(InsertPart, number, hour, NewPart(), merged.ToBytes());
            return true;
        }
    }

    /// <summary>
    /// Adds up a day that has no row yet. Its hours are merged first, so that no transaction reads more than a few parts of each.
    /// </summary>
    public async Task<bool> FoldAsync(long number, long day, CancellationToken cancellationToken)
    {
        var hours = await database.ReadAsync(
            new Command(CountUnfolded, Key(number), number, day * 24, (day + 1) * 24, day),
            row => (Hour: row.GetInt64(0), Parts: row.GetInt64(1)),
            Freshness.Latest,
            cancellationToken);
        foreach (var (hour, _) in hours.Where(h => h.Parts >= ManyParts))
            await MergeAsync(number, hour, cancellationToken);
        await RemoveEmptyAsync(number, day, cancellationToken);
        return hours.Count > 0 && await database.TransactAsync(Key(number), FoldAsync, cancellationToken);

        async ValueTask<bool> FoldAsync(ITransaction transaction)
        {
            var parts = await transaction.QueryAsync(
                SelectParts, row => row.GetFieldValue<byte[]>(2), number, day * 24, (day + 1) * 24);
            if (parts.Count == 0)
                return false;
            var sum = new Rollup(maxValues: int.MaxValue);
            foreach (var part in parts)
                sum.MergeFrom(part);
            sum.KeepLargest(Rollup.MaxValuesOfDay);
            return await transaction.ExecuteAsync(InsertDay, number, day, sum.ToBytes()) > 0;
        }
    }

    // Only of windows that were finished before: nobody writes their parts again.
    private async Task RemoveEmptyAsync(long number, long day, CancellationToken cancellationToken)
    {
        var empty = await database.ReadAsync(
            new Command(SelectEmpty, Key(number), number, day * 24, (day + 1) * 24),
            row => (Hour: row.GetInt64(0), Part: row.GetInt64(1)),
            Freshness.Latest,
            cancellationToken);
        if (empty.Count == 0)
            return;
        var finished = await new WindowStore(database).FinishedAsync(cancellationToken);
        await database.WriteAllAsync(
            [.. empty.Where(row => PartName.IsFinished(row.Part, finished)).Select(row => new Command(DeletePart, Key(number), number, row.Hour, row.Part))],
            cancellationToken);
    }

    /// <summary>Removes all clicks of a link, in a transaction of its number.</summary>
    public static async ValueTask DeleteAsync(ITransaction transaction, long number)
    {
        await transaction.ExecuteAsync(DeleteLink, number);
        await transaction.ExecuteAsync(DeleteDays, number);
    }

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

    private static ClickPart ReadPart(DbDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2));

    private static string Key(long key) => key.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A part of what happened to a link within an hour, or all that happened within a day.</summary>
/// <param name="Hour">Which hour, counted from 1970; the first of a day.</param>
/// <param name="Part">Its name; -1 for a day.</param>
/// <param name="Rollup">The bytes of a <see cref="Clicks.Rollup"/>.</param>
internal sealed record ClickPart(long Hour, long Part, byte[] Rollup);
