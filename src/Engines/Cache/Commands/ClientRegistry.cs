using System.Collections.Concurrent;

namespace Groundwork.Cache.Commands;

/// <summary>Who is connected. Thread-safe.</summary>
internal sealed class ClientRegistry
{
    private readonly ConcurrentDictionary<long, Session> _clients = new();

    /// <summary>How many there are.</summary>
    public int Count => _clients.Count;

    /// <summary>All of them, in the order in which they came.</summary>
    public IEnumerable<Session> All => _clients.Values.OrderBy(c => c.Connection.Id);

    /// <summary>One of them; null where it has left.</summary>
    public Session? Find(long id) => _clients.GetValueOrDefault(id);

    /// <summary>One came.</summary>
    public void Add(Session client) => _clients[client.Connection.Id] = client;

    /// <summary>One left.</summary>
    public void Remove(Session client) => _clients.TryRemove(client.Connection.Id, out _);
}
