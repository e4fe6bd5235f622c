using System.Threading.Channels;
using Groundwork.Ports.Database;

namespace Groundwork.Links.Clicks;

/// <summary>
/// Writes parts, and adds up what has become many: the parts of hours that are over, of links that were busy enough to have many; and days whose next day is over too,
/// those of which it wrote many parts, and those of which a reader had to add up many.
/// </summary>
/// <remarks>Written to and tended by one caller at a time; readers ask at any time.</remarks>
internal sealed class ClickWriter(ClickStore store, TimeProvider time)
{
    /// <summary>How many parts are written together.</summary>
    public const int MaxWrites = 512;

    private const int MaxBusy = 10_000;

    // At a time: while hours are merged nothing is fetched, and the clicks that come meanwhile must find room.
    private const int MaxMerges = 32;
    private const int MaxFolds = 8;

    // More than the days of a read; what finds no room is asked for by the next one.
    private const int MaxAsked = 1024;

    // Parts of a day are written as if it lasted that much longer, so that midnight has no other writes than noon.
    private static readonly TimeSpan Late = TimeSpan.FromHours(1);

    private readonly Dictionary<(long Number, long Hour), int> _busy = [];
    private readonly Dictionary<(long Number, long Day), int> _busyDays = [];
    private readonly Channel<(long Number, long Day)> _asked =
        Channel.CreateBounded<(long, long)>(new BoundedChannelOptions(MaxAsked) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Yesterday, counted from 1970: the first of the days that are not folded yet.</summary>
    public long RecentDay => DayOf(time.GetUtcNow()) - 1;

    /// <summary>Has a day before <see cref="RecentDay"/> folded, unless too many are to be.</summary>
    public void FoldSoon(long number, long day) => _asked.Writer.TryWrite((number, day));

    /// <summary>Writes parts, each of which counts once under its name.</summary>
    public async Task WriteAsync(IReadOnlyList<PendingPart> parts, CancellationToken cancellationToken)
    {
        var lateUntil = DayOf(time.GetUtcNow() - Late);
        var (writings, late) = (new List<Command>(parts.Count), new List<Task>());
        foreach (var part in parts)
        {
            if (part.Hour / 24 < lateUntil)
                late.Add(store.WriteLateAsync(part.Number, part.Hour, part.Name, part.Rollup, cancellationToken));
            else
                writings.Add(ClickStore.Writing(part.Number, part.Hour, part.Name, part.Rollup));
        }

        await Task.WhenAll([.. late, store.WriteAllAsync(writings, cancellationToken)]);
        foreach (var part in parts)
        {
            Count(_busy, (part.Number, part.Hour));
            Count(_busyDays, (part.Number, part.Hour / 24));
        }
    }

    /// <summary>Adds up some of what has become many.</summary>
    public async Task TendAsync(CancellationToken cancellationToken)
    {
        await MergeBusyAsync(cancellationToken);
        await FoldAsync(cancellationToken);
    }

    private async Task MergeBusyAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds() / 3600;
        foreach (var ((number, hour), parts) in _busy.Where(b => b.Key.Hour < now).Take(MaxMerges).ToList())
        {
            _busy.Remove((number, hour));
            if (parts >= ClickStore.ManyParts)
                await store.MergeAsync(number, hour, cancellationToken);
        }
    }

    private async Task FoldAsync(CancellationToken cancellationToken)
    {
        var recent = RecentDay;
        foreach (var ((number, day), parts) in _busyDays.Where(b => b.Key.Day < recent).Take(MaxFolds).ToList())
        {
            _busyDays.Remove((number, day));
            if (parts >= ClickStore.ManyParts)
                await store.FoldAsync(number, day, cancellationToken);
        }

        for (var i = 0; i < MaxFolds && _asked.Reader.TryRead(out var asked); i++)
            await store.FoldAsync(asked.Number, asked.Day, cancellationToken);
    }

    private static void Count(Dictionary<(long Number, long Time), int> parts, (long Number, long Time) of)
    {
        if (parts.TryGetValue(of, out var count) || parts.Count < MaxBusy)
            parts[of] = count + 1;
    }

    private static long DayOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / 86_400;
}
