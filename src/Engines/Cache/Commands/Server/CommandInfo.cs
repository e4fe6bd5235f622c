using System.Text;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Server;

/// <summary>COMMAND, COMMAND COUNT, INFO [name …], DOCS [name …], LIST [FILTERBY …]: made from the table.</summary>
internal static class CommandInfo
{
    public static void All(Call call)
    {
        var commands = call.Engine.Commands.All.ToArray();
        call.Reply.ArrayHeader(commands.Length);
        foreach (var command in commands)
            CommandShape.Write(call.Reply, command);
    }

    public static void Count(Call call) => call.Reply.Integer(call.Engine.Commands.All.Count());

    public static void Describe(Call call)
    {
        if (call.Count == 2)
        {
            All(call);
            return;
        }

        call.Reply.ArrayHeader(call.Count - 2);
        for (var i = 2; i < call.Count; i++)
        {
            if (call.Engine.Commands.FindFull(call[i]) is { } command)
                CommandShape.Write(call.Reply, command);
            else
                call.Reply.Null();
        }
    }

    public static void Docs(Call call)
    {
        var commands = new List<Command>();
        for (var i = 2; i < call.Count; i++)
        {
            if (call.Engine.Commands.FindFull(call[i]) is { } command)
                commands.Add(command);
        }

        if (call.Count == 2)
            commands.AddRange(call.Engine.Commands.All);
        call.Reply.MapHeader(commands.Count);
        foreach (var command in commands)
            WriteDocs(call.Reply, command);
    }

    public static void List(Call call)
    {
        Predicate<Command> filter = static _ => true;
        if (call.Count > 2)
        {
            var value = call.Count == 5 ? Encoding.Latin1.GetString(call[4]) : "";
            if (call.Count != 5 || !call.Is(2, "filterby"u8))
            {
                call.Reply.SyntaxError();
                return;
            }

            if (call.Is(3, "module"u8))
            {
                filter = static _ => false;
            }
            else if (call.Is(3, "aclcat"u8))
            {
                filter = c => CommandShape.Categories(c).Contains("@" + value, StringComparer.OrdinalIgnoreCase);
            }
            else if (call.Is(3, "pattern"u8))
            {
                filter = c => Glob.Matches(Encoding.Latin1.GetBytes(value), Encoding.ASCII.GetBytes(c.Name), ignoreCase: true);
            }
            else
            {
                call.Reply.SyntaxError();
                return;
            }
        }

        var names = call.Engine.Commands.All.SelectMany(c => c.Subcommands.Prepend(c)).Where(c => filter(c)).Select(c => c.Name).ToArray();
        call.Reply.ArrayHeader(names.Length);
        foreach (var name in names)
            call.Reply.Bulk(Encoding.ASCII.GetBytes(name));
    }

    private static void WriteDocs(ReplyWriter reply, Command command)
    {
        reply.Bulk(Encoding.ASCII.GetBytes(command.Name));
        reply.MapHeader(command.Subcommands.Count > 0 ? 4 : 3);
        reply.Bulk("summary"u8);
        reply.Bulk(Encoding.UTF8.GetBytes(command.Summary));
        reply.Bulk("since"u8);
        reply.Bulk(Encoding.ASCII.GetBytes(command.Since));
        reply.Bulk("group"u8);
        reply.Bulk(Encoding.ASCII.GetBytes(command.Group));
        if (command.Subcommands.Count == 0)
            return;
        reply.Bulk("subcommands"u8);
        reply.MapHeader(command.Subcommands.Count);
        foreach (var subcommand in command.Subcommands)
            WriteDocs(reply, subcommand);
    }
}
