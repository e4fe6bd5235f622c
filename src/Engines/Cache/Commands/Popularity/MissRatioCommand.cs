using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Popularity;

/// <summary>
/// MISSRATIO: of which policy it is (<c>tinylfu</c> where that is set, and otherwise <c>lru</c>), on how many samples it rests, and for a quarter to
/// four times the memory how many entries would fit, about, and which part of uses would find nothing.
/// </summary>
internal static class MissRatioCommand
{
    public static void Run(Call call)
    {
        if (call.Count != 1)
        {
            call.Reply.SyntaxError();
            return;
        }

        var curve = call.Keyspace.Sample.Curve();
        call.Reply.MapHeader(3);
        call.Reply.Bulk("policy"u8);
        call.Reply.Bulk(curve.IsLeastUseful ? "tinylfu"u8 : "lru"u8);
        call.Reply.Bulk("samples"u8);
        call.Reply.Integer(curve.Samples);
        call.Reply.Bulk("sizes"u8);
        call.Reply.ArrayHeader(curve.Points.Count);
        foreach (var point in curve.Points)
        {
            call.Reply.MapHeader(3);
            call.Reply.Bulk("memory"u8);
            call.Reply.Double(point.Times);
            call.Reply.Bulk("entries"u8);
            call.Reply.Integer(point.Entries);
            call.Reply.Bulk("miss_ratio"u8);
            call.Reply.Double(Math.Round(point.Ratio, 4));
        }
    }
}
