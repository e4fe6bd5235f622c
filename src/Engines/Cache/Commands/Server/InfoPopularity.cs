using System.Globalization;
using System.Text;
using Groundwork.Primitives.Sketches;
using static Groundwork.Cache.Commands.Server.Info;

namespace Groundwork.Cache.Commands.Server;

/// <summary>What INFO says of how keys are used: HOTKEYS and MISSRATIO in short.</summary>
internal static class InfoPopularity
{
    public static void Write(CacheEngine engine, StringBuilder text)
    {
        var hot = engine.Spaces.Clients.HotKeys.Report(HeavyHitters.MaxShown, engine.Keyspace.Now);
        Line(text, "hot_keys", hot.Keys.Count);
        Line(text, "hot_keys_share", Number(hot.Keys.Sum(k => k.Share)));
        Line(text, "hot_keys_still_hot", hot.StillHot is { } still ? Number(still) : "");
        var curve = engine.Keyspace.Sample.Curve();
        Line(text, "miss_ratio_policy", curve.Policy);
        Line(text, "miss_ratio_samples", curve.Samples);
        foreach (var point in curve.Points)
            Line(text, "miss_ratio_at_" + point.Times.ToString(CultureInfo.InvariantCulture), Number(point.Ratio));
    }

    private static string Number(double value) => value.ToString("F4", CultureInfo.InvariantCulture);
}
