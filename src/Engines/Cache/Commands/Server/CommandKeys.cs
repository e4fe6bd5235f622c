using System.Text;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Server;

/// <summary>COMMAND GETKEYS command [argument …], GETKEYSANDFLAGS: which of the arguments are keys.</summary>
internal static class CommandKeys
{
    public static void Get(Call call) => Run(call, withFlags: false);

    public static void GetWithFlags(Call call) => Run(call, withFlags: true);

    private static void Run(Call call, bool withFlags)
    {
        var words = new byte[call.Count - 2][];
        for (var i = 0; i < words.Length; i++)
            words[i] = call[i + 2].ToArray();
        var asked = Arguments.Of(words);
        if (call.Engine.Commands.Find(asked) is not { } command)
        {
            call.Reply.Error("ERR Invalid command specified"u8);
            return;
        }

        if (command.Keys == KeyPositions.None)
        {
            call.Reply.Error("ERR The command has no key arguments"u8);
            return;
        }

        if (!command.Accepts(asked.Count))
        {
            call.Reply.Error("ERR Invalid number of arguments specified for command"u8);
            return;
        }

        var places = new int[asked.Count];
        var count = command.Keys.Find(asked, places);
        if (count == 0)
        {
            call.Reply.Error("ERR Invalid arguments specified for command"u8);
            return;
        }

        call.Reply.ArrayHeader(count);
        foreach (var place in places.AsSpan(0, count))
        {
            if (withFlags)
                call.Reply.ArrayHeader(2);
            call.Reply.Bulk(asked[place]);
            if (!withFlags)
                continue;
            var flags = CommandShape.KeyFlags(command);
            call.Reply.SetHeader(flags.Length);
            foreach (var flag in flags)
                call.Reply.SimpleString(Encoding.ASCII.GetBytes(flag));
        }
    }
}
