using Groundwork.Cache.Entries;
using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands;

/// <summary>
/// One command as it runs: its arguments, its client, the keys that it touches, and where the answer goes. A client has one, and
/// uses it again for its next command.
/// </summary>
internal sealed class Call(Session client)
{
    // How many reads until one is told to those who look for hot keys; below 0 before the first.
    private int _untilTold;

    /// <summary>Who asks.</summary>
    public Session Client { get; } = client;

    /// <summary>The engine.</summary>
    public CacheEngine Engine => Client.Engine;

    /// <summary>Where its keys are.</summary>
    public Space Space { get; set; } = client.Space;

    /// <summary>The keys there.</summary>
    public Keyspace Keyspace => Space.Keyspace;

    /// <summary>What is asked for.</summary>
    public Command Command { get; set; } = null!;

    /// <summary>The arguments, with the command's name.</summary>
    public Arguments Arguments { get; set; } = null!;

    /// <summary>Where the answer goes.</summary>
    public ReplyWriter Reply { get; set; } = null!;

    /// <summary>When it began, in Unix milliseconds.</summary>
    public long Now { get; set; }

    /// <summary>When it began, or the one before it ended, by the clock's timestamps.</summary>
    public long Began { get; set; }

    /// <summary>How many errors its answers had before it began.</summary>
    public long ErrorsBefore { get; set; }

    /// <summary>Whether it was refused before it ran, its keys' locks held: for want of memory, say.</summary>
    public bool IsRefused { get; set; }

    /// <summary>Whether it runs in a transaction, where nobody may wait.</summary>
    public bool InTransaction { get; set; }

    /// <summary>The database that its keys are in.</summary>
    public int Database { get; set; }

    /// <summary>Where it is run again for a client that waits: that waiting.</summary>
    public Waiter? Waiter { get; init; }

    /// <summary>Where it is run again: for which key, which was written.</summary>
    public KeyWaiters? WokenBy { get; init; }

    /// <summary>Whether its client waits on after it was run again.</summary>
    public bool WaitsOn { get; set; }

    /// <summary>Whether the key for which it was run again was not there any more when it had run.</summary>
    public bool IsKeyGone { get; set; }

    /// <summary>The shard of its only key, which is its first argument; null where it has more, or none.</summary>
    public Shard? OnlyShard { get; set; }

    /// <summary>How many changes it made.</summary>
    public int Changes { get; set; }

    /// <summary>How many arguments there are, with the command's name.</summary>
    public int Count => Arguments.Count;

    /// <summary>An argument.</summary>
    public ReadOnlySpan<byte> this[int index] => Arguments[index];

    /// <summary>Looks up the key that an argument names, to read it: it counts as a hit or a miss, and as a use.</summary>
    public Key Read(int argument)
    {
        var key = Look(argument);
        if (--_untilTold <= 0)
            _untilTold = Space.HotKeys.Tell(_untilTold, key.Found.Hash, Database, key.Name, Now);
        if (key.Exists)
        {
            key.Shard.Counts.Hits++;
            Touch(key);
        }
        else
        {
            key.Shard.Counts.Misses++;
            if (Space.Notifications.IsOn)
                Space.Notifications.Send(EventClass.Missed, "keymiss"u8, Database, key.Name);
        }

        return key;
    }

    /// <summary>Looks up the key that an argument names, to change it: it counts as a use.</summary>
    public Key Write(int argument)
    {
        var key = Look(argument);
        if (key.Exists)
            Touch(key);
        return key;
    }

    /// <summary>Looks up the key that an argument names, without a trace.</summary>
    public Key Look(int argument)
    {
        var name = Arguments[argument];
        return Look(argument == 1 && OnlyShard is { } shard ? shard : Keyspace.ShardOf(name), Database, name);
    }

    /// <summary>Looks up a key, without a trace.</summary>
    public Key Look(int database, ReadOnlySpan<byte> name) => Look(Keyspace.ShardOf(name), database, name);

    /// <summary>Whether a key holds nothing, or a value of a kind; if not, that is the answer.</summary>
    public bool Expect(in Key key, ValueKind kind)
    {
        if (!key.Exists || ValueKinds.Of(key.Found.Form) == kind)
            return true;
        Reply.WrongType();
        return false;
    }

    /// <summary>
    /// Looks up one of several keys from which something of a kind may be taken. Another kind of value is an error for those who ask,
    /// and nothing for those who wait already.
    /// </summary>
    /// <param name="argument">The key's place.</param>
    /// <param name="kind">What is taken from.</param>
    /// <param name="key">The key.</param>
    /// <param name="failed">Whether it is of another kind, and that is the answer.</param>
    /// <returns>Whether it is there, and of the kind.</returns>
    public bool TryFindToTake(int argument, ValueKind kind, out Key key, out bool failed)
    {
        key = Write(argument);
        failed = key.Exists && key.Kind != kind && Waiter is null;
        if (failed)
            Reply.WrongType();
        return key.Exists && key.Kind == kind;
    }

    /// <summary>An argument as a whole number; if it is none, that is the answer.</summary>
    public bool TryInteger(int argument, out long number)
    {
        if (IntegerText.TryParse(Arguments[argument], out number))
            return true;
        Reply.NotAnInteger();
        return false;
    }

    /// <summary>Whether an argument is a word, in any case.</summary>
    public bool Is(int argument, ReadOnlySpan<byte> word) => System.Text.Ascii.EqualsIgnoreCase(Arguments[argument], word);

    /// <summary>Has the client wait until one of the command's keys is written, and the command be run again then.</summary>
    /// <param name="timeout">How long; zero for ever.</param>
    /// <param name="giveUp">Writes the answer when the time is over; at once in a transaction, where nobody waits.</param>
    public void Wait(TimeSpan timeout, Action<ReplyWriter> giveUp)
    {
        if (InTransaction)
            giveUp(Reply);
        else if (Waiter is not null)
            WaitsOn = true;
        else
            Client.BeginWaiting(this, timeout, giveUp);
    }

    private Key Look(Shard shard, int database, ReadOnlySpan<byte> name) => new(this, shard, database, name, shard.Find(database, name, Now));

    private void Touch(in Key key) => Keyspace.Use.Touch(key.Shard, key.Found, Now);
}
