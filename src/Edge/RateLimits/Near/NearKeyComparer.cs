using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Limiting;

namespace Groundwork.RateLimits.Near;

/// <summary>
/// A key and a limit, looked up by a take without a copy. Hashes differ from process to process, so that nobody can make them collide.
/// </summary>
internal sealed class NearKeyComparer : IEqualityComparer<NearKey>, IAlternateEqualityComparer<LimitTake, NearKey>
{
    public static readonly NearKeyComparer Instance = new();

    public bool Equals(NearKey? x, NearKey? y) => ReferenceEquals(x, y) || (x is not null && y is not null && Same(x.Key, x.Limit, y));

    public int GetHashCode(NearKey obj) => Hash(obj.Key, obj.Limit);

    public NearKey Create(LimitTake alternate) => new(alternate);

    public bool Equals(LimitTake alternate, NearKey other) => Same(alternate.Key.Span, alternate.Limit, other);

    public int GetHashCode(LimitTake alternate) => Hash(alternate.Key.Span, alternate.Limit);

    /// <summary>The hash of a key and a limit.</summary>
    public static int Hash(ReadOnlySpan<byte> key, in Limit limit)
    {
        var hash = default(HashCode);
        hash.AddBytes(key);
        hash.Add(limit.Permits);
        hash.Add(limit.Period);
        return hash.ToHashCode();
    }

    private static bool Same(ReadOnlySpan<byte> key, in Limit limit, NearKey other) => key.SequenceEqual(other.Key) && limit == other.Limit;
}
