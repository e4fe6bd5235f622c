using Groundwork.Cache.Commands.Strings;
using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.SortedSets;

/// <summary>
/// ZUNION numkeys key [key …] [WEIGHTS weight [weight …]] [AGGREGATE SUM | MIN | MAX] [WITHSCORES], ZINTER, ZDIFF without weights;
/// ZUNIONSTORE destination numkeys …, ZINTERSTORE, ZDIFFSTORE without scores; ZINTERCARD numkeys key [key …] [LIMIT limit].
/// </summary>
internal static class Combination
{
    private delegate void Combine(ScoredSource[] sources, in Options options, SortedSetBuilder result);

    public static void Union(Call call) => Run(call, 1, Unite, hasWeights: true);

    public static void UnionAndStore(Call call) => Run(call, 2, Unite, hasWeights: true);

    public static void Intersection(Call call) => Run(call, 1, Intersect, hasWeights: true);

    public static void IntersectionAndStore(Call call) => Run(call, 2, Intersect, hasWeights: true);

    public static void Difference(Call call) => Run(call, 1, Subtract, hasWeights: false);

    public static void DifferenceAndStore(Call call) => Run(call, 2, Subtract, hasWeights: false);

    public static void IntersectionCount(Call call)
    {
        if (!TryKeys(call, 1, out var keys) || !ScoredSource.TryRead(call, 2, keys, out var sources) || !TryLimit(call, 2 + keys, out var limit))
            return;
        var counter = new Common(sources, Smallest(sources)) { Limit = limit };
        sources[counter.Base].Visit(ref counter);
        call.Reply.Integer(counter.Count);
    }

    /// <summary>What a stored result may take: as much as its sources together.</summary>
    public static long ExtraBytes(Call call) => ScoredSource.ExtraBytes(call, 2);

    private static void Run(Call call, int countAt, Combine combine, bool hasWeights)
    {
        var stores = countAt == 2;
        if (!TryKeys(call, countAt, out var keys)
            || !ScoredSource.TryRead(call, countAt + 1, keys, out var sources)
            || !TryOptions(call, countAt + 1 + keys, keys, hasWeights, stores, out var options))
        {
            return;
        }

        using var result = new SortedSetBuilder(call.Keyspace.ShardOf(call[stores ? 1 : 2]));
        combine(sources, options, result);
        result.Sort();
        if (stores)
            call.Store(result);
        else
            Answer(call, result, options.WithScores);
    }

    private static void Answer(Call call, SortedSetBuilder result, bool withScores)
    {
        if (withScores)
            call.PairsHeader(result.Count);
        else
            call.Reply.ArrayHeader(result.Count);
        if (result.Count == 0)
            return;
        for (var cursor = result.First(); cursor.IsAtEntry; cursor.MoveNext())
        {
            var entry = cursor.Current;
            if (withScores)
                call.Pair(entry.Item, entry.Score, result.Chunks);
            else
                call.Reply.Bulk(entry.Item, result.Chunks);
        }
    }

    private static void Unite(ScoredSource[] sources, in Options options, SortedSetBuilder result)
    {
        for (var i = 0; i < sources.Length; i++)
        {
            var adder = new Adder(options, i, result);
            sources[i].Visit(ref adder);
        }
    }

    private static void Intersect(ScoredSource[] sources, in Options options, SortedSetBuilder result)
    {
        var common = new Common(sources, Smallest(sources)) { Limit = long.MaxValue, Options = options, Result = result };
        sources[common.Base].Visit(ref common);
    }

    private static void Subtract(ScoredSource[] sources, in Options options, SortedSetBuilder result)
    {
        var rest = new Rest(sources, result);
        sources[0].Visit(ref rest);
    }

    private static int Smallest(ScoredSource[] sources)
    {
        var smallest = 0;
        for (var i = 1; i < sources.Length; i++)
        {
            if (sources[i].Count < sources[smallest].Count)
                smallest = i;
        }

        return smallest;
    }

    private static bool TryKeys(Call call, int countAt, out int keys)
    {
        keys = 0;
        if (!call.TryInteger(countAt, out var number))
            return false;
        if (number < 1)
        {
            call.Reply.Error($"ERR at least 1 input key is needed for '{call.Command.Name}' command");
            return false;
        }

        if (number > call.Count - countAt - 1)
        {
            call.Reply.SyntaxError();
            return false;
        }

        keys = (int)number;
        return true;
    }

    private static bool TryLimit(Call call, int at, out long limit)
    {
        limit = long.MaxValue;
        for (; at < call.Count; at += 2)
        {
            if (at + 1 == call.Count || !call.Is(at, "limit"u8))
            {
                call.Reply.SyntaxError();
                return false;
            }

            if (!IntegerText.TryParse(call[at + 1], out limit) || limit < 0)
            {
                call.Reply.Error("ERR LIMIT can't be negative"u8);
                return false;
            }
        }

        // Zero is for none.
        if (limit == 0)
            limit = long.MaxValue;
        return true;
    }

    private static bool TryOptions(Call call, int at, int keys, bool hasWeights, bool stores, out Options options)
    {
        options = default;
        while (at < call.Count)
        {
            if (hasWeights && at + keys < call.Count && call.Is(at, "weights"u8))
            {
                if (!TryWeights(call, at + 1, keys, out options.Weights))
                    return false;
                at += keys + 1;
            }
            else if (hasWeights && at + 1 < call.Count && call.Is(at, "aggregate"u8))
            {
                var word = at + 1;
                if (!call.Is(word, "sum"u8) && !call.Is(word, "min"u8) && !call.Is(word, "max"u8))
                {
                    call.Reply.SyntaxError();
                    return false;
                }

                options.Aggregate = call.Is(word, "sum"u8) ? Aggregate.Sum : call.Is(word, "min"u8) ? Aggregate.Least : Aggregate.Greatest;
                at += 2;
            }
            else if (!stores && call.Is(at, "withscores"u8))
            {
                options.WithScores = true;
                at++;
            }
            else
            {
                call.Reply.SyntaxError();
                return false;
            }
        }

        return true;
    }

    private static bool TryWeights(Call call, int at, int keys, out double[] weights)
    {
        weights = new double[keys];
        for (var i = 0; i < keys; i++)
        {
            if (IncrementFloat.TryRead(call[at + i], out weights[i]))
                continue;
            call.Reply.Error("ERR weight value is not a float"u8);
            return false;
        }

        return true;
    }

    private enum Aggregate
    {
        Sum,
        Least,
        Greatest,
    }

    private struct Options
    {
        public double[]? Weights;
        public Aggregate Aggregate;
        public bool WithScores;

        // What is no number (zero times infinity, infinity less infinity) counts as zero.
        public readonly double Weighted(double score, int source)
        {
            var weighted = Weights is null ? score : score * Weights[source];
            return double.IsNaN(weighted) ? 0 : weighted;
        }

        public readonly double Together(double a, double b)
        {
            var sum = Aggregate switch
            {
                Aggregate.Sum => a + b,
                Aggregate.Least => Math.Min(a, b),
                _ => Math.Max(a, b),
            };
            return double.IsNaN(sum) ? 0 : sum;
        }
    }

    private readonly struct Adder(Options options, int source, SortedSetBuilder result) : ISourceVisitor
    {
        public bool Visit(scoped ReadOnlySpan<byte> member, double score)
        {
            score = options.Weighted(score, source);
            result.SetScore(member, result.TryGetScore(member, out var before) ? options.Together(before, score) : score);
            return true;
        }
    }

    // What one source, the smallest, has in common with all others.
    private struct Common(ScoredSource[] sources, int smallest) : ISourceVisitor
    {
        public Options Options;
        public SortedSetBuilder? Result;
        public long Limit;
        public long Count;

        public readonly int Base => smallest;

        public bool Visit(scoped ReadOnlySpan<byte> member, double score)
        {
            score = Options.Weighted(score, smallest);
            for (var i = 0; i < sources.Length; i++)
            {
                if (i == smallest)
                    continue;
                if (!sources[i].TryGetScore(member, out var other))
                    return true;
                score = Options.Together(score, Options.Weighted(other, i));
            }

            Result?.SetScore(member, score);
            return ++Count < Limit;
        }
    }

    // What the first source has and no other.
    private readonly struct Rest(ScoredSource[] sources, SortedSetBuilder result) : ISourceVisitor
    {
        public bool Visit(scoped ReadOnlySpan<byte> member, double score)
        {
            for (var i = 1; i < sources.Length; i++)
            {
                if (sources[i].TryGetScore(member, out _))
                    return true;
            }

            result.SetScore(member, score);
            return true;
        }
    }
}
