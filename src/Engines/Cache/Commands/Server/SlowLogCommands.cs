using System.Text;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Server;

/// <summary>SLOWLOG GET [count], LEN, RESET: the newest first, 10 where no count is given, all for -1.</summary>
internal static class SlowLogCommands
{
    public static void Get(Call call)
    {
        var count = 10L;
        if (call.Count > 3)
        {
            call.Reply.WrongArity(call.Command.Name);
            return;
        }

        if (call.Count == 3 && (!IntegerText.TryParse(call[2], out count) || count < -1))
        {
            call.Reply.Error("ERR count should be greater than or equal to -1"u8);
            return;
        }

        var entries = call.Engine.SlowLog.Last(count < 0 ? long.MaxValue : count);
        call.Reply.ArrayHeader(entries.Count);
        foreach (var entry in entries)
        {
            call.Reply.ArrayHeader(6);
            call.Reply.Integer(entry.Id);
            call.Reply.Integer(entry.At);
            call.Reply.Integer(entry.Microseconds);
            call.Reply.ArrayHeader(entry.Arguments.Count);
            foreach (var argument in entry.Arguments)
                call.Reply.Bulk(Encoding.Latin1.GetBytes(argument));
            call.Reply.Bulk(Encoding.Latin1.GetBytes(entry.Address));
            call.Reply.Bulk(Encoding.Latin1.GetBytes(entry.Name));
        }
    }

    public static void Length(Call call) => call.Reply.Integer(call.Engine.SlowLog.Count);

    public static void Reset(Call call)
    {
        call.Engine.SlowLog.Clear();
        call.Reply.Ok();
    }
}
