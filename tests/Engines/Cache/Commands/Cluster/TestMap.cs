using Groundwork.Primitives.Hashing;

namespace Groundwork.Cache.Tests.Commands.Cluster;

/// <summary>Maps of two or three nodes, as the words of CLUSTER SETMAP.</summary>
internal static class TestMap
{
    public const string First = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    public const string Second = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    public const string Third = "cccccccccccccccccccccccccccccccccccccccc";

    /// <summary>The lower half of the slots, of which "b" and "x" are, is the first node's, the upper half, of which "a" is, the second's.</summary>
    public static string Halves(int epoch, string self, string first = "127.0.0.1:7001", string second = "127.0.0.1:7002") =>
        $"cluster setmap {epoch} myid {self} node {First} {first} slots 0-8191 node {Second} {second} slots 8192-16383";

    /// <summary>All slots are the first node's, and the second is its copy.</summary>
    public static string Copy(int epoch, string self, string first = "127.0.0.1:7001", string second = "127.0.0.1:7002") =>
        $"cluster setmap {epoch} myid {self} node {First} {first} slots 0-16383 node {Second} {second} replicaof {First}";

    /// <summary>All slots are one node's.</summary>
    public static string Whole(int epoch, string self, string owner) =>
        $"cluster setmap {epoch} myid {self} node {owner} 127.0.0.1:7001 slots 0-16383" + (self == owner ? "" : $" node {self} 127.0.0.1:7002");

    /// <summary>The slots as the ring spreads them.</summary>
    public static string Ring(int epoch, string self)
    {
        var owners = new HashRing([new WeightedNode(First), new WeightedNode(Second), new WeightedNode(Third)]).AssignSlots();
        return $"cluster setmap {epoch} myid {self}" + string.Concat(owners.Distinct().Select((id, n) =>
            $" node {id} 127.0.0.1:{7001 + n} slots " + string.Join(',', Enumerable.Range(0, owners.Length).Where(s => owners[s] == id))));
    }
}
