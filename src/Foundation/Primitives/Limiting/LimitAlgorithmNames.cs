namespace Groundwork.Primitives.Limiting;

/// <summary>What algorithms are called where people write them: in settings, in answers and on pages.</summary>
public static class LimitAlgorithmNames
{
    private static readonly (LimitAlgorithm Algorithm, string Name)[] Names =
    [
        (LimitAlgorithm.TokenBucket, "token-bucket"),
        (LimitAlgorithm.LeakyBucket, "leaky-bucket"),
        (LimitAlgorithm.FixedWindow, "fixed-window"),
        (LimitAlgorithm.SlidingLog, "sliding-log"),
        (LimitAlgorithm.SlidingWindow, "sliding-window"),
        (LimitAlgorithm.Gcra, "gcra"),
        (LimitAlgorithm.Concurrency, "concurrency"),
    ];

    /// <summary>All names, in the order of the algorithms.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Names.Select(n => n.Name)];

    /// <summary>An algorithm's name.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such algorithm.</exception>
    public static string Of(LimitAlgorithm algorithm)
    {
        var index = (int)algorithm - 1;
        ArgumentOutOfRangeException.ThrowIfNegative(index, nameof(algorithm));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Names.Length, nameof(algorithm));
        return Names[index].Name;
    }

    /// <summary>The algorithm of that name, exactly as it is written.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out LimitAlgorithm algorithm)
    {
        foreach (var (known, name) in Names)
        {
            algorithm = known;
            if (text.SequenceEqual(name))
                return true;
        }

        algorithm = default;
        return false;
    }
}
