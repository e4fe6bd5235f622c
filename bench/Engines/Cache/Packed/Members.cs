using System.Globalization;
using System.Text;
using Groundwork.Cache.Memory;

namespace Groundwork.Cache.Bench.Packed;

/// <summary>What the collections are filled with: distinct texts of 16 bytes, in no order; and a shard's memory for them.</summary>
internal sealed class Members
{
    public Members(int count)
    {
        Bytes = [.. Enumerable.Range(0, 2 * count).Select(i => Encoding.ASCII.GetBytes("member:" + i.ToString("D9", CultureInfo.InvariantCulture)))];
        Texts = [.. Bytes.Select(Encoding.ASCII.GetString)];
        Order = [.. Enumerable.Range(0, count)];
        new Random(1).Shuffle(Order);
        var pool = new PagePool(limit: 0);
        Chunks = new Chunks(new Heap(pool), pool);
    }

    /// <summary>The members, and as many that are in no collection.</summary>
    public byte[][] Bytes { get; }

    /// <summary>The same as strings.</summary>
    public string[] Texts { get; }

    /// <summary>The numbers of those in collections, shuffled.</summary>
    public int[] Order { get; }

    public Chunks Chunks { get; }
}
