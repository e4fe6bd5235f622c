using System.Text;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Server;

/// <summary>A command as COMMAND INFO shows it: ten elements, in the order of Redis 7.</summary>
internal static class CommandShape
{
    private static readonly (CommandFlags Flag, string Name)[] Flags =
    [
        (CommandFlags.Write, "write"),
        (CommandFlags.ReadOnly, "readonly"),
        (CommandFlags.DenyOom, "denyoom"),
        (CommandFlags.Admin, "admin"),
        (CommandFlags.PubSub, "pubsub"),
        (CommandFlags.NoScript, "noscript"),
        (CommandFlags.Blocking, "blocking"),
        (CommandFlags.Fast, "fast"),
        (CommandFlags.NoAuth, "no_auth"),
        (CommandFlags.NoMulti, "no_multi"),
    ];

    public static void Write(ReplyWriter reply, Command command)
    {
        var (first, last, step) = (command.Keys.First, command.Keys.Last, command.Keys.Step);
        reply.ArrayHeader(10);
        reply.Bulk(Encoding.ASCII.GetBytes(command.Name));
        reply.Integer(command.Arity);
        WriteSet(reply, FlagNames(command));
        reply.Integer(first);
        reply.Integer(last);
        reply.Integer(first == 0 ? 0 : step);
        WriteSet(reply, Categories(command));
        reply.ArrayHeader(0);
        WriteKeys(reply, command);
        reply.ArrayHeader(command.Subcommands.Count);
        foreach (var subcommand in command.Subcommands)
            Write(reply, subcommand);
    }

    /// <summary>The categories of a command: its family, and what it does.</summary>
    public static List<string> Categories(Command command)
    {
        var names = new List<string>();
        if (command.Group switch
        {
            "generic" => "@keyspace",
            "sorted-set" => "@sortedset",
            "transactions" => "@transaction",
            "string" or "list" or "set" or "hash" or "connection" or "pubsub" or "bitmap" or "hyperloglog" or "geo" or "stream" => "@" + command.Group,
            _ => null,
        } is { } family)
            names.Add(family);
        if (command.Is(CommandFlags.Write))
            names.Add("@write");
        if (command.Is(CommandFlags.ReadOnly))
            names.Add("@read");
        if (command.Is(CommandFlags.Admin))
            names.AddRange("@admin", "@dangerous");
        if (command.Is(CommandFlags.Blocking))
            names.Add("@blocking");
        names.Add(command.Is(CommandFlags.Fast) ? "@fast" : "@slow");
        return names;
    }

    /// <summary>What a command does with its keys, as flags of theirs.</summary>
    public static string[] KeyFlags(Command command) => command.Is(CommandFlags.Write) ? ["RW", "access", "update"] : ["RO", "access"];

    private static List<string> FlagNames(Command command)
    {
        var names = Flags.Where(f => command.Is(f.Flag)).Select(f => f.Name).ToList();
        if (command.Keys.CountAt > 0 || command.Keys.EndsWithStore)
            names.Add("movablekeys");
        return names;
    }

    private static void WriteKeys(ReplyWriter reply, Command command)
    {
        var keys = command.Keys;
        reply.ArrayHeader((keys.First > 0 ? 1 : 0) + (keys.CountAt > 0 ? 1 : 0));
        if (keys.First > 0)
        {
            WriteKeys(reply, command, keys.First, "range"u8);
            WriteNumber(reply, "lastkey"u8, keys.Last < 0 ? keys.Last : keys.Last - keys.First);
            WriteNumber(reply, "keystep"u8, keys.Step);
            WriteNumber(reply, "limit"u8, 0);
        }

        if (keys.CountAt > 0)
        {
            WriteKeys(reply, command, keys.CountAt, "keynum"u8);
            WriteNumber(reply, "keynumidx"u8, 0);
            WriteNumber(reply, "firstkey"u8, 1);
            WriteNumber(reply, "keystep"u8, 1);
        }
    }

    private static void WriteKeys(ReplyWriter reply, Command command, int begin, ReadOnlySpan<byte> kind)
    {
        reply.MapHeader(3);
        reply.Bulk("flags"u8);
        WriteSet(reply, KeyFlags(command));
        reply.Bulk("begin_search"u8);
        reply.MapHeader(2);
        WriteText(reply, "type"u8, "index"u8);
        reply.Bulk("spec"u8);
        reply.MapHeader(1);
        WriteNumber(reply, "index"u8, begin);
        reply.Bulk("find_keys"u8);
        reply.MapHeader(2);
        WriteText(reply, "type"u8, kind);
        reply.Bulk("spec"u8);
        reply.MapHeader(3);
    }

    private static void WriteText(ReplyWriter reply, ReadOnlySpan<byte> name, ReadOnlySpan<byte> text)
    {
        reply.Bulk(name);
        reply.Bulk(text);
    }

    private static void WriteNumber(ReplyWriter reply, ReadOnlySpan<byte> name, int number)
    {
        reply.Bulk(name);
        reply.Integer(number);
    }

    private static void WriteSet(ReplyWriter reply, IReadOnlyCollection<string> names)
    {
        reply.SetHeader(names.Count);
        foreach (var name in names)
            reply.SimpleString(Encoding.ASCII.GetBytes(name));
    }
}
