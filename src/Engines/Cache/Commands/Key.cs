using Groundwork.Cache.Entries;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands;

/// <summary>A key as a command sees it: there or not. Good while the command runs.</summary>
internal ref struct Key(Call call, Shard shard, int database, ReadOnlySpan<byte> name, Found found)
{
    private bool _expires;

    /// <summary>The entry, or the place where it is not. A field: what changes it does so in place.</summary>
    public Found Found = found;

    /// <summary>The shard that it belongs to.</summary>
    public Shard Shard { get; } = shard;

    /// <summary>Its database.</summary>
    public int Database { get; } = database;

    /// <summary>Its bytes.</summary>
    public ReadOnlySpan<byte> Name { get; } = name;

    /// <summary>What is done to its elements is called so; as the command where nothing is said.</summary>
    public ReadOnlySpan<byte> Event { get; set; }

    /// <summary>Whether it is there.</summary>
    public readonly bool Exists => Found.Exists;

    /// <summary>What it holds; only where it is there.</summary>
    public readonly ValueKind Kind => ValueKinds.Of(Found.Form);

    /// <summary>When it expires, in Unix milliseconds; -1 for never, and where it is not there.</summary>
    public readonly long Deadline => Exists ? Found.Deadline : -1;

    /// <summary>Makes it, with room for a value's bytes, which the caller writes.</summary>
    public void Create(ValueForm form, int valueLength, long deadline = -1)
    {
        Shard.Create(ref Found, Database, Name, form, valueLength, deadline, call.Keyspace.Use.Begin(call.Now));
        Made();
    }

    /// <summary>Makes it a string; another value that it had is gone.</summary>
    public void SetText(scoped ReadOnlySpan<byte> value, long deadline)
    {
        var isNew = !Exists;
        _expires = deadline >= 0 && deadline != Deadline;
        Texts.Set(Shard, ref Found, Database, Name, value, deadline, call.Keyspace.Use.Begin(call.Now));
        if (isNew)
            Made();
    }

    /// <summary>Removes it with the last of its elements: others are told of both.</summary>
    public void Remove()
    {
        if (call.Space.Notifications.IsOn)
            call.Space.Notifications.Emptied(call.Command, Event, Kind, Database, Name);
        RemoveWhole();
    }

    /// <summary>Removes it where it is there; where it is not, who loads it has what was before, and may not fill it.</summary>
    public void Clear()
    {
        if (Exists)
            RemoveWhole();
        else
            KeyEvents.Of(Shard).CancelLease(Database, Name);
    }

    /// <summary>Tells others that it was changed; under the command's name where no other is given.</summary>
    public readonly void Changed(ReadOnlySpan<byte> name = default)
    {
        call.Changes++;
        Shard.Observer?.Changed(Database, Name, KeyChange.Written);
        if (call.Space.Notifications.IsOn)
            Tell(name);
    }

    /// <summary>Tells those who asked for it that there is a new key.</summary>
    public readonly void Made()
    {
        if (call.Space.Notifications.IsOn)
            call.Space.Notifications.Send(EventClass.New, "new"u8, Database, Name);
    }

    private void RemoveWhole()
    {
        call.Changes++;
        if (call.Space.Notifications.IsOn)
            call.Space.Notifications.Send(EventClass.Generic, "del"u8, Database, Name);
        Shard.Remove(ref Found, KeyChange.Written);
    }

    private readonly void Tell(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
            call.Space.Notifications.Written(call.Command, Event, Kind, Database, Name);
        else
            call.Space.Notifications.Send(EventClass.Generic, name, Database, Name);
        if (_expires)
            call.Space.Notifications.Send(EventClass.Generic, "expire"u8, Database, Name);
    }
}
