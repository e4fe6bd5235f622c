using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Popularity;

/// <summary>
/// MISSRATIO: on how many samples it rests, and for a half, one, two and four times the memory how many entries would fit and which part
/// of uses would find nothing, where who was not used for the longest time leaves.
/// </summary>
internal static class MissRatioCommand
{
    /// <summary>The sizes that are shown, in times of what fits now.</summary>
    public static ReadOnlySpan<double> Times => [0.5, 1, 2, 4];

    public static void Run(Call call)
    {
        if (call.Count != 1)
        {
            call.Reply.SyntaxError();
            return;
        }

        var curve = call.Keyspace.Sample.Curve(Times);
        call.Reply.MapHeader(2);
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
