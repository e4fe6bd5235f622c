using System.Globalization;
using System.Text;
using Groundwork.Cache.Entries.Eviction;
using static Groundwork.Cache.Commands.Server.Info;

namespace Groundwork.Cache.Commands.Server;

/// <summary>What INFO says of commands, errors, and keys.</summary>
internal static class InfoStatistics
{
    public static void Commands(CacheEngine engine, StringBuilder text)
    {
        foreach (var command in engine.Commands.Runnable)
        {
            var counts = engine.Stats.Sum(command);
            if (counts.Calls == 0 && counts.Rejected == 0)
                continue;
            var microseconds = counts.Nanoseconds / 1000;
            var each = (counts.Nanoseconds / 1000.0 / Math.Max(1, counts.Calls)).ToString("F2", CultureInfo.InvariantCulture);
            Line(
                text,
                "cmdstat_" + command.Name,
                $"calls={counts.Calls},usec={microseconds},usec_per_call={each},rejected_calls={counts.Rejected},failed_calls={counts.Failed}");
        }
    }

    public static void Errors(CacheEngine engine, StringBuilder text)
    {
        foreach (var (code, count) in engine.Stats.ErrorCounts())
            Line(text, "errorstat_" + code, $"count={count}");
    }

    /// <summary>The spaces that modules have opened, a line each.</summary>
    public static void Spaces(CacheEngine engine, StringBuilder text)
    {
        foreach (var space in engine.Spaces.Named)
        {
            var (keyspace, counts) = (space.Keyspace, space.Keyspace.Count());
            Line(
                text,
                "space_" + space.Name,
                $"keys={counts.Keys[0]},expires={counts.Expiring[0]},bytes={keyspace.Pool.Held},maxbytes={keyspace.Pool.Limit},policy={EvictionPolicies.NameOf(keyspace.Use.Policy)},"
                + $"hits={counts.Hits},misses={counts.Misses},expired={counts.Expired},evictions={counts.Evicted},leases={space.CountLeases()}");
        }
    }

    public static void Keyspace(CacheEngine engine, StringBuilder text)
    {
        var counts = engine.Keyspace.Count();
        for (var database = 0; database < counts.Keys.Length; database++)
        {
            if (counts.Keys[database] > 0)
                Line(text, $"db{database}", $"keys={counts.Keys[database]},expires={counts.Expiring[database]},avg_ttl=0");
        }
    }
}
