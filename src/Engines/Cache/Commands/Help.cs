using System.Text;

namespace Groundwork.Cache.Commands;

/// <summary>HELP of a command that others stand under: a name and a sentence each, made from the table.</summary>
internal static class Help
{
    public static void Of(Call call, string name)
    {
        var command = call.Engine.Commands.Find(Encoding.ASCII.GetBytes(name))!;
        call.Reply.ArrayHeader(1 + (command.Subcommands.Count * 2L));
        call.Reply.SimpleString(Encoding.ASCII.GetBytes($"{name.ToUpperInvariant()} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:"));
        foreach (var subcommand in command.Subcommands)
        {
            call.Reply.SimpleString(Encoding.ASCII.GetBytes(subcommand.Name[(name.Length + 1)..].ToUpperInvariant()));
            call.Reply.SimpleString(Encoding.ASCII.GetBytes("    " + subcommand.Summary));
        }
    }
}
