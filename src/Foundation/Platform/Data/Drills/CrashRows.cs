using System.Globalization;
using Groundwork.Ports.Database;

namespace Groundwork.Platform.Data.Drills;

/// <summary>
/// The rows that <see cref="DatabaseCrashDrill"/> writes: their numbers say who wrote them and when, and their content
/// follows from their numbers, so that a reader knows every row that may be there and all that it must hold.
/// </summary>
/// <remarks>
/// A number is <c>round · 2⁴⁰ + writer · 2³² + sequence</c>. Writers of even number insert single rows, the others pairs of
/// rows in a transaction.
/// </remarks>
internal static class CrashRows
{
    /// <summary>How many write at once.</summary>
    public const int Writers = 64;

    /// <summary>The drill's own schema, apart from every module's.</summary>
    public static readonly DatabaseSchema Schema = new(
        "drill", [new("singles", "number"), new("pairs", "number")], Migration.FromResources(typeof(CrashRows).Assembly, "drill"));

    private static readonly Statement InsertSingle = new("insert into singles (run, number, content) values ($1, $2, $3)");

    private static readonly Statement InsertHalf = new("insert into pairs (run, number, half, content) values ($1, $2, $3, $4)");

    private static readonly Statement SelectSingles = new(
        "select number, content from singles where run = $1 and number >= $2 and number < $3");

    private static readonly Statement SelectHalves = new(
        "select number, half, content from pairs where run = $1 and number >= $2 and number < $3");

    private static readonly Statement DeleteSingles = new("delete from singles where run = $1 and number >= $2 and number < $3");

    private static readonly Statement DeleteHalves = new("delete from pairs where run = $1 and number >= $2 and number < $3");

    /// <summary>The first number of a round; the next round's first number is its end.</summary>
    public static long First(int round) => (long)round << 40;

    /// <summary>The number of a writer's row or pair.</summary>
    public static long Number(int round, int writer, long sequence) => First(round) + ((long)writer << 32) + sequence;

    /// <summary>Whether a number stands for two rows of one transaction.</summary>
    public static bool IsPair(long number) => ((number >> 32) & 1) == 1;

    /// <summary>What a row must hold: 64 hexadecimal digits that no other row holds.</summary>
    public static string Content(long number, int half)
    {
        // SplitMix64 (Steele, Lea, Flood 2014), seeded with what identifies the row.
        var state = unchecked(((ulong)number * 2) + (ulong)half);
        return string.Create(64, state, static (text, state) =>
        {
            for (var at = 0; at < text.Length; at += 16)
            {
                state = unchecked(state + 0x9E3779B97F4A7C15);
                var mixed = unchecked((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9);
                mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB);
                (mixed ^ (mixed >> 31)).TryFormat(text[at..], out _, "x16", CultureInfo.InvariantCulture);
            }
        });
    }

    /// <summary>Writes a row or a pair; it is durable when this returns.</summary>
    public static Task WriteAsync(IDatabase database, long run, long number, CancellationToken cancellationToken)
    {
        var key = number.ToString(CultureInfo.InvariantCulture);
        return IsPair(number)
            ? database.TransactAsync(
                key,
                async transaction =>
                {
                    await transaction.ExecuteAsync(InsertHalf, run, number, 0L, Content(number, 0));
                    return await transaction.ExecuteAsync(InsertHalf, run, number, 1L, Content(number, 1));
                },
                cancellationToken)
            : database.WriteAsync(new Command(InsertSingle, key, run, number, Content(number, 0)), cancellationToken);
    }

    /// <summary>Everything that is there of a round: number, half (0 for a single row) and content.</summary>
    public static async Task<IReadOnlyList<(long Number, int Half, string Content)>> ReadAsync(
        IDatabase database, long run, int round, CancellationToken cancellationToken)
    {
        var singles = await database.ReadAsync(
            Of(SelectSingles, run, round), row => (row.GetInt64(0), 0, row.GetString(1)), Freshness.Latest, cancellationToken);
        var halves = await database.ReadAsync(
            Of(SelectHalves, run, round),
            row => (row.GetInt64(0), (int)row.GetInt64(1), row.GetString(2)), Freshness.Latest, cancellationToken);
        return [.. singles, .. halves];
    }

    /// <summary>Removes a round's rows, so that nothing stays in a database that others share.</summary>
    public static async Task DeleteAsync(IDatabase database, long run, int round, CancellationToken cancellationToken)
    {
        await database.WriteAsync(Of(DeleteSingles, run, round), cancellationToken);
        await database.WriteAsync(Of(DeleteHalves, run, round), cancellationToken);
    }

    private static Command Of(Statement statement, long run, int round) =>
        new(statement, Command.AnyKey, run, First(round), First(round + 1));
}
