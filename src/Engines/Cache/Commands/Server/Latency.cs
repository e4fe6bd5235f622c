using System.Text;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Server;

/// <summary>
/// LATENCY HISTOGRAM [command …], RESET, LATEST, HISTORY event, DOCTOR: times of commands are counted; events of latency are not.
/// </summary>
internal static class Latency
{
    public static void Histogram(Call call)
    {
        var shown = new List<(Command Command, CommandCounts Counts)>();
        foreach (var command in call.Engine.Commands.Runnable)
        {
            var counts = IsNamed(call, command) ? call.Engine.Stats.Sum(command) : default;
            if (counts.Calls > 0)
                shown.Add((command, counts));
        }

        call.Reply.MapHeader(shown.Count);
        foreach (var (command, counts) in shown)
            Write(call.Reply, command, counts);
    }

    public static void Latest(Call call) => call.Reply.ArrayHeader(0);

    public static void Reset(Call call) => call.Reply.Integer(0);

    public static void Doctor(Call call) => call.Reply.Verbatim(
        "txt"u8,
        "Events of latency are not watched here. LATENCY HISTOGRAM has the times of all commands, SLOWLOG GET those that took long."u8);

    // A command's name stands for all that stand under it.
    private static bool IsNamed(Call call, Command command)
    {
        if (call.Count == 2)
            return true;
        var name = Encoding.ASCII.GetBytes(command.Name);
        for (var i = 2; i < call.Count; i++)
        {
            if (call.Is(i, name) || (name.AsSpan().IndexOf((byte)'|') is var bar and > 0 && call.Is(i, name.AsSpan(0, bar))))
                return true;
        }

        return false;
    }

    private static void Write(ReplyWriter reply, Command command, in CommandCounts counts)
    {
        reply.Bulk(Encoding.ASCII.GetBytes(command.Name));
        reply.MapHeader(2);
        reply.Bulk("calls"u8);
        reply.Integer(counts.Calls);
        reply.Bulk("histogram_usec"u8);
        var begun = reply.BeginArray();
        var (pairs, sum) = (0, 0L);
        for (var i = 0; i < TimeBuckets.Count; i++)
        {
            if (counts.Times[i] == 0)
                continue;
            sum += counts.Times[i];
            reply.Integer(TimeBuckets.EndOf(i));
            reply.Integer(sum);
            pairs++;
        }

        reply.EndMap(begun, pairs);
    }
}
