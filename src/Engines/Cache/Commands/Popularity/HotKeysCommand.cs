using Groundwork.Cache.Resp;
using Groundwork.Primitives.Sketches;

namespace Groundwork.Cache.Commands.Popularity;

/// <summary>
/// HOTKEYS [COUNT count]: how many reads there are a second, which part of the keys that were hot in one window was so in the next (null
/// where none was), and for each hot key its database, name, reads a second, share of all reads, and by how much that may be too large.
/// </summary>
internal static class HotKeysCommand
{
    private const int DefaultCount = 10;

    public static void Run(Call call)
    {
        var count = (long)DefaultCount;
        if (call.Count != 1)
        {
            if (call.Count != 3 || !call.Is(1, "count"u8))
            {
                call.Reply.SyntaxError();
                return;
            }

            if (!call.TryInteger(2, out count))
                return;
            if (count is < 1 or > HeavyHitters.MaxShown)
            {
                call.Reply.Error($"ERR COUNT is 1 to {HeavyHitters.MaxShown}");
                return;
            }
        }

        var report = call.Space.HotKeys.Report((int)count, call.Now);
        call.Reply.MapHeader(3);
        call.Reply.Bulk("reads_per_second"u8);
        call.Reply.Double(Math.Round(report.PerSecond, 1));
        call.Reply.Bulk("still_hot"u8);
        if (report.StillHot is { } still)
            call.Reply.Double(Math.Round(still, 3));
        else
            call.Reply.Null();
        call.Reply.Bulk("keys"u8);
        call.Reply.ArrayHeader(report.Keys.Count);
        foreach (var key in report.Keys)
        {
            call.Reply.MapHeader(5);
            call.Reply.Bulk("database"u8);
            call.Reply.Integer(key.Group);
            call.Reply.Bulk("key"u8);
            call.Reply.Bulk(key.Name.Span);
            call.Reply.Bulk("reads_per_second"u8);
            call.Reply.Double(Math.Round(key.PerSecond, 1));
            call.Reply.Bulk("share"u8);
            call.Reply.Double(Math.Round(key.Share, 4));
            call.Reply.Bulk("error"u8);
            call.Reply.Double(Math.Round(key.Error, 4));
        }
    }
}
