using Groundwork.Ports.Experiments;

namespace Groundwork.Links.Benchmarks;

/// <summary>
/// What <c>groundwork bench links</c> measures. The server is the whole program in a process of its own, with the settings of the
/// run: with <c>--Database:Connection=…</c> all of it is measured on that database, in which the links then stay.
/// </summary>
internal static class LinksBenchmarks
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Benchmark> All { get; } =
    [
        new HotRedirects(),
        new ZipfRedirects(),
        new MissedRedirects(),
        new Creates(1),
        new Creates(64),
        new Creates(256),
        new Imports(),
        new Statistics(),
        .. ScaledLinks.All,
        new SweptRedirects(),
        new RatedLoad(),
    ];
}
