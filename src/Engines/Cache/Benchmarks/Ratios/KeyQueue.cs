namespace Groundwork.Cache.Benchmarks.Ratios;

/// <summary>Keys in order, out of which any can be taken.</summary>
internal sealed class KeyQueue
{
    private readonly LinkedList<int> _keys = [];
    private readonly Dictionary<int, LinkedListNode<int>> _nodes = [];

    /// <summary>How many there are.</summary>
    public int Count => _nodes.Count;

    /// <summary>The one that came first.</summary>
    public int First => _keys.First!.Value;

    /// <summary>Whether a key is there.</summary>
    public bool Contains(int key) => _nodes.ContainsKey(key);

    /// <summary>Puts a key at the end.</summary>
    public void Add(int key) => _nodes[key] = _keys.AddLast(key);

    /// <summary>Takes a key out.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(int key)
    {
        if (!_nodes.Remove(key, out var node))
            return false;
        _keys.Remove(node);
        return true;
    }

    /// <summary>Takes the first out.</summary>
    public int Take()
    {
        var key = First;
        Remove(key);
        return key;
    }
}
