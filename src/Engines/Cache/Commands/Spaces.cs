using System.Text;
using Groundwork.Cache.Entries;

namespace Groundwork.Cache.Commands;

/// <summary>
/// The spaces that there are: the clients' databases, and those that modules have opened, which stay. Thread-safe.
/// </summary>
internal sealed class Spaces(CacheEngine engine, Space clients) : IDisposable
{
    private readonly Lock _gate = new();
    private volatile Space[] _all = [clients];

    /// <summary>The clients' databases.</summary>
    public Space Clients => clients;

    /// <summary>All of them, in the order of their opening, the clients' first.</summary>
    public IReadOnlyList<Space> All => _all;

    /// <summary>Those that have a name.</summary>
    public IEnumerable<Space> Named => _all.Skip(1);

    /// <summary>Opens one; null where there is one of that name.</summary>
    public Space? TryOpen(string name, KeyspaceOptions options)
    {
        lock (_gate)
        {
            if (Array.Exists(_all, s => s.Name == name))
                return null;
            var space = new Space(name, options, engine);
            space.Notifications.Classes = clients.Notifications.Classes;
            _all = [.. _all, space];
            return space;
        }
    }

    /// <summary>The space of a name, as clients say it; null where there is none.</summary>
    public Space? Find(ReadOnlySpan<byte> name)
    {
        foreach (var space in Named)
        {
            if (Ascii.Equals(name, space.Name))
                return space;
        }

        return null;
    }

    /// <summary>Sets which changes are told, in all of them.</summary>
    public void SetNotified(EventClass classes)
    {
        lock (_gate)
        {
            foreach (var space in _all)
                space.Notifications.Classes = classes;
        }
    }

    /// <summary>Removes keys whose time is over and gives back sparse memory, a little in each.</summary>
    /// <returns>Whether there is more to do.</returns>
    public bool Maintain(int budget)
    {
        var more = false;
        foreach (var space in All)
        {
            more |= space.Keyspace.Maintain(budget);
            space.SweepLeases();
        }

        return more;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var space in All)
            space.Dispose();
    }
}
