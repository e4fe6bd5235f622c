using System.Globalization;
using Groundwork.Cache.Packed;

namespace Groundwork.Cache.Commands.Server;

/// <summary>
/// The settings of up to where collections are small, under their names of today and those of before Redis 7. A list's is for its first
/// piece; the leaves that it has later are as they are, and no number below zero makes a piece of more than 4 KiB.
/// </summary>
internal static class PieceSettings
{
    private const string BeforeSeven = "ziplist";
    private const string Today = "listpack";

    /// <summary>All of them.</summary>
    public static IEnumerable<Setting> All =>
    [
        .. Count("hash-max-listpack-entries", static p => p.Fields, static (p, n) => p.Fields = n),
        .. Count("hash-max-listpack-value", static p => p.FieldBytes, static (p, n) => p.FieldBytes = n),
        .. Count("zset-max-listpack-entries", static p => p.ScoredMembers, static (p, n) => p.ScoredMembers = n),
        .. Count("zset-max-listpack-value", static p => p.ScoredBytes, static (p, n) => p.ScoredBytes = n),
        .. Count("set-max-intset-entries", static p => p.Integers, static (p, n) => p.Integers = n),
        .. Count("list-max-listpack-size", static p => p.Elements, static (p, n) => p.Elements = n, least: -5),
        new("list-compress-depth", static _ => "0", Set: null),
    ];

    private static IEnumerable<Setting> Count(string name, Func<PieceLimits, long> get, Action<PieceLimits, long> set, long least = 0) => Named(new(
        name,
        engine => get(engine.Keyspace.Pieces).ToString(CultureInfo.InvariantCulture),
        (engine, text) => SettingTexts.Number(text, least, int.MaxValue, n => set(engine.Keyspace.Pieces, n))));

    private static IEnumerable<Setting> Named(Setting setting) => setting.Name.Contains(Today, StringComparison.Ordinal)
        ? [setting, setting with { Name = setting.Name.Replace(Today, BeforeSeven, StringComparison.Ordinal) }]
        : [setting];
}
