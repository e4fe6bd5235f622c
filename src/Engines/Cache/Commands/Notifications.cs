using System.Text;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands;

/// <summary>
/// Tells changes of keys on channels: <c>__keyspace@0__:key</c> gets the event, <c>__keyevent@0__:event</c> the key; in a space with a
/// name, that stands in the place of the database. Off, it costs a look at a field. Thread-safe; called under a shard's lock.
/// </summary>
internal sealed class Notifications(PubSub channels, string space)
{
    private volatile EventClass _classes;

    /// <summary>What is told, and how.</summary>
    public EventClass Classes
    {
        get => _classes;
        set => _classes = value;
    }

    /// <summary>Whether anything is told.</summary>
    public bool IsOn => _classes != EventClass.None;

    /// <summary>A command changed a key that is there.</summary>
    /// <param name="command">The command.</param>
    /// <param name="name">What it did, where that is not called as the command; otherwise empty.</param>
    /// <param name="kind">What the key holds.</param>
    /// <param name="database">Its database.</param>
    /// <param name="key">Its bytes.</param>
    public void Written(Command command, ReadOnlySpan<byte> name, ValueKind kind, int database, ReadOnlySpan<byte> key) => Send(
        command.Group is "generic" && command.Name is not "sort" ? EventClass.Generic : ClassOf(kind),
        name.IsEmpty ? command.Event : name,
        database,
        key);

    /// <summary>A command takes the last elements of a key, which goes with them: what it did to them is told first.</summary>
    public void Emptied(Command command, ReadOnlySpan<byte> name, ValueKind kind, int database, ReadOnlySpan<byte> key)
    {
        if (command.Group is "list" or "set" or "hash" or "sorted-set")
            Send(ClassOf(kind), name.IsEmpty ? command.Event : name, database, key);
    }

    /// <summary>A key went without a command that removed it.</summary>
    public void Gone(KeyChange change, int database, ReadOnlySpan<byte> key)
    {
        if (change == KeyChange.Expired)
            Send(EventClass.Expired, "expired"u8, database, key);
        else if (change == KeyChange.Evicted)
            Send(EventClass.Evicted, "evicted"u8, database, key);
    }

    /// <summary>Tells an event, if it is of a class that is told.</summary>
    public void Send(EventClass kind, ReadOnlySpan<byte> name, int database, ReadOnlySpan<byte> key)
    {
        var classes = _classes;
        if ((classes & kind) == 0)
            return;
        if ((classes & EventClass.ByKey) != 0)
            channels.Publish(ChannelKind.Channel, Channel("__keyspace@", database, key), name);
        if ((classes & EventClass.ByEvent) != 0)
            channels.Publish(ChannelKind.Channel, Channel("__keyevent@", database, name), key);
    }

    private static EventClass ClassOf(ValueKind kind) => kind switch
    {
        ValueKind.Text => EventClass.Text,
        ValueKind.List => EventClass.List,
        ValueKind.Hash => EventClass.Hash,
        ValueKind.Set => EventClass.Set,
        _ => EventClass.SortedSet,
    };

    private byte[] Channel(string prefix, int database, ReadOnlySpan<byte> name) => space.Length == 0
        ? [.. Encoding.ASCII.GetBytes($"{prefix}{database}__:"), .. name]
        : [.. Encoding.ASCII.GetBytes($"{prefix}{space}__:"), .. name];
}
