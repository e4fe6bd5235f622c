namespace Groundwork.Cache.Benchmarks.Ratios;

/// <summary>
/// The most hits that any cache of so many entries can have: who is asked for latest leaves (L. Belady, "A study of replacement
/// algorithms for a virtual-storage computer", 1966).
/// </summary>
internal static class Optimum
{
    /// <summary>How many of the requests hit.</summary>
    public static int Hits(int[] requests, int capacity)
    {
        var next = new int[requests.Length];
        var seen = new Dictionary<int, int>();
        for (var i = requests.Length - 1; i >= 0; i--)
        {
            next[i] = seen.GetValueOrDefault(requests[i], int.MaxValue);
            seen[requests[i]] = i;
        }

        // What was asked for again stands in the queue under its old time too, and is passed over.
        var (held, latest, hits) = (new Dictionary<int, int>(capacity), new PriorityQueue<(int Key, int Next), int>(), 0);
        for (var i = 0; i < requests.Length; i++)
        {
            if (held.ContainsKey(requests[i]))
            {
                hits++;
            }
            else if (held.Count == capacity)
            {
                var (key, at) = latest.Dequeue();
                while (held.GetValueOrDefault(key, -1) != at)
                    (key, at) = latest.Dequeue();
                held.Remove(key);
            }

            held[requests[i]] = next[i];
            latest.Enqueue((requests[i], next[i]), -next[i]);
        }

        return hits;
    }
}
