using Groundwork.Cache.Entries;
using Groundwork.Ports.Caching.Inspection;
using Groundwork.Primitives.Hashing;

namespace Groundwork.Cache.Inspection;

/// <summary>
/// A number that changes with a key's value and its time to live: a hash of both, since entries count no versions. Values too large
/// to be hashed under a lock have none.
/// </summary>
internal static class ValueVersion
{
    private const int MaxElements = 4096;

    /// <summary>The version of what was found; under its shard's lock.</summary>
    public static ulong? Of(Shard shard, Found found)
    {
        var page = new ElementPage(MaxElements + 1, KeyDetail.MaxVersionedBytes + 1, KeyDetail.MaxVersionedBytes + 1);
        if (page.Read(shard, found, 0) is not null || page.Bytes > KeyDetail.MaxVersionedBytes || page.Elements.Count > MaxElements)
            return null;

        // A hash and a set have no order: a sum is the same in any.
        var type = KeyReader.TypeOf(found.Form);
        var isOrdered = type is CachedType.List or CachedType.SortedSet;
        var (sum, index) = (0ul, 0ul);
        foreach (var element in page.Elements)
        {
            var seed = WyHash.Hash(element.Field.Shown.Span, shard.HashKey.Low + BitConverter.DoubleToUInt64Bits(element.Score) + (isOrdered ? ++index : 0));
            sum += WyHash.Hash(element.Value.Shown.Span, seed);
        }

        return WyHash.Hash(BitConverter.GetBytes(found.Deadline), sum + (ulong)type);
    }
}
