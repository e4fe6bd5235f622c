using Groundwork.Cache.Entries;
using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Keys;

/// <summary>
/// RENAME key name, RENAMENX; MOVE key database; COPY key name [DB database] [REPLACE]. Time to live goes with the value, its use
/// begins anew. Where both lie in one shard, a value that is renamed or moved keeps its chunks.
/// </summary>
internal static unsafe class Rename
{
    public static void Run(Call call)
    {
        if (Move(call, onlyIfNone: false))
            call.Reply.Ok();
    }

    public static void RunIfNone(Call call)
    {
        var isThere = call.Look(1).Exists && call.Look(2).Exists;
        if (isThere)
            call.Reply.Integer(0);
        else if (Move(call, onlyIfNone: true))
            call.Reply.Integer(1);
    }

    public static void ToDatabase(Call call)
    {
        if (call.Engine.Cluster.IsOn)
        {
            call.Reply.Error("ERR MOVE is not allowed in cluster mode"u8);
            return;
        }

        if (!TryDatabase(call, 2, out var database))
            return;
        if (database == call.Database)
        {
            call.Reply.SameObject();
            return;
        }

        var target = call.Look(database, call[1]);
        var source = call.Look(1);
        if (!source.Exists || target.Exists)
        {
            call.Reply.Integer(0);
            return;
        }

        Transfer(call, ref source, ref target, "move_from"u8, "move_to"u8);
        call.Reply.Integer(1);
    }

    public static void Copy(Call call)
    {
        var database = call.Database;
        var replace = false;
        for (var i = 3; i < call.Count; i++)
        {
            if (call.Is(i, "replace"u8))
            {
                replace = true;
            }
            else if (call.Is(i, "db"u8) && i + 1 < call.Count)
            {
                if (!TryDatabase(call, ++i, out database))
                    return;
            }
            else
            {
                call.Reply.SyntaxError();
                return;
            }
        }

        if (database != 0 && call.Engine.Cluster.IsOn)
        {
            call.Reply.Error("ERR Copying to another database is not allowed in cluster mode"u8);
            return;
        }

        if (database == call.Database && call[1].SequenceEqual(call[2]))
        {
            call.Reply.SameObject();
            return;
        }

        var target = call.Look(database, call[2]);
        if (target.Exists && (!replace || !call.Look(1).Exists))
        {
            call.Reply.Integer(0);
            return;
        }

        if (target.Exists)
            target.Shard.Remove(ref target.Found, KeyChange.Written);
        target = call.Look(database, call[2]);
        var source = call.Look(1);
        if (!source.Exists)
        {
            call.Reply.Integer(0);
            return;
        }

        ValueStore.Copy(source.Shard, source.Found, target.Shard, ref target.Found, database, call[2], source.Deadline, call.Keyspace.Use.Begin(call.Now));
        target.Made();
        target.Changed("copy_to"u8);
        call.Reply.Integer(1);
    }

    /// <summary>The bytes that a copy of the value takes.</summary>
    public static long ExtraBytes(Call call)
    {
        var key = call.Look(1);
        return key.Exists ? key.Shard.Heap.SizeOf(KeyIndex.BlockOf(*key.Found.Slot)) + ValueStore.OutsideBytes(key.Shard, key.Found) : 0;
    }

    private static bool Move(Call call, bool onlyIfNone)
    {
        var source = call.Look(1);
        if (!source.Exists)
        {
            call.Reply.NoSuchKey();
            return false;
        }

        if (call[1].SequenceEqual(call[2]))
            return true;

        // What is found is good until another entry of the shard goes: so what stood there goes first.
        var target = call.Look(2);
        if (target.Exists && !onlyIfNone)
            target.Shard.Remove(ref target.Found, KeyChange.Written);
        target = call.Look(2);
        source = call.Look(1);
        Transfer(call, ref source, ref target, "rename_from"u8, "rename_to"u8);
        return true;
    }

    private static void Transfer(Call call, ref Key source, ref Key target, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        var use = call.Keyspace.Use.Begin(call.Now);
        source.Changed(from);
        if (source.Shard != target.Shard || !source.Shard.TryCopyRoot(source.Found, ref target.Found, target.Database, target.Name, use))
        {
            ValueStore.Copy(source.Shard, source.Found, target.Shard, ref target.Found, target.Database, target.Name, source.Deadline, use);
            source = call.Look(source.Database, source.Name);
            source.Shard.Remove(ref source.Found, KeyChange.Written);
        }
        else
        {
            source = call.Look(source.Database, source.Name);
            source.Shard.RemoveRoot(ref source.Found);
        }

        // Another entry of the shard has gone since.
        target = call.Look(target.Database, target.Name);
        target.Made();
        target.Changed(to);
    }

    private static bool TryDatabase(Call call, int argument, out int database)
    {
        database = 0;
        if (!call.TryInteger(argument, out var number))
            return false;
        if (number < 0 || number >= call.Space.Databases)
        {
            call.Reply.Error("ERR DB index is out of range"u8);
            return false;
        }

        database = (int)number;
        return true;
    }
}
