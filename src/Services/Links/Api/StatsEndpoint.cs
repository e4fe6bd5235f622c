using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Groundwork.Links.Clicks;
using Groundwork.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Groundwork.Links;

/// <summary><c>GET /v1/urls/{code}/stats</c>.</summary>
internal static class StatsEndpoint
{
    private const int MaxBuckets = 10_000;

    private static readonly TimeSpan DefaultRange = TimeSpan.FromDays(30);

    private static readonly TimeSpan MaxRange = TimeSpan.FromDays(731);

    public static async Task<IResult> HandleAsync(
        string code, [AsParameters] StatsRequest request, Shortener shortener, ClickStats stats, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!TryRead(request, time.GetUtcNow(), out var from, out var to, out var interval, out var groupBy, out var problem))
            return problem;
        if (await shortener.FindAsync(code, cancellationToken) is not { } link)
            return LinksProblems.NotThere(code);
        return Results.Ok(await stats.ReadAsync(link.Number, from, to, interval, groupBy, cancellationToken));
    }

    private static bool TryRead(
        StatsRequest request,
        DateTimeOffset now,
        out DateTimeOffset from,
        out DateTimeOffset to,
        out StatsInterval interval,
        out IReadOnlyList<ClickDimension> groupBy,
        [NotNullWhen(false)] out ProblemResult? problem)
    {
        from = default;
        interval = default;
        groupBy = [];
        problem = null;
        if (!TryReadTime(request.To, now, out to))
            problem = BadTime("to", request.To);
        else if (!TryReadTime(request.From, to - DefaultRange, out from))
            problem = BadTime("from", request.From);
        else if (from >= to)
            problem = LinksProblems.Invalid("from", "from must lie before to.");
        else if (to - from > MaxRange)
            problem = LinksProblems.Invalid("from", $"from and to lie {(to - from).TotalDays:0} days apart; {MaxRange.TotalDays:0} are allowed.");
        else if (!TryReadName(request.Interval, StatsInterval.Day, out interval))
            problem = LinksProblems.Invalid("interval", $"interval must be one of {NamesOf<StatsInterval>()}, not '{request.Interval}'.");
        else if ((to - from).TotalHours > MaxBuckets && interval == StatsInterval.Hour)
            problem = LinksProblems.Invalid("interval", $"The time has more than {MaxBuckets} hours; ask for days, or for less of it.");
        else if (!TryReadNames(request.GroupBy, out groupBy))
            problem = LinksProblems.Invalid("group_by", $"group_by must be one of {NamesOf<ClickDimension>()}, or several of them with commas between, each once, not '{request.GroupBy}'.");
        return problem is null;
    }

    // A date is the beginning of its day, in UTC.
    private static bool TryReadTime(string? text, DateTimeOffset otherwise, out DateTimeOffset at)
    {
        at = otherwise;
        return string.IsNullOrEmpty(text)
            || (DateTimeOffset.TryParseExact(
                    text, ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "yyyy-MM-ddTHH:mmK"], CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out at)
                && at.Year is >= 1970 and < 9990);
    }

    private static bool TryReadName<T>(string? text, T otherwise, out T value)
        where T : struct, Enum
    {
        value = otherwise;
        return string.IsNullOrEmpty(text) || (Enum.TryParse(text, ignoreCase: true, out value) && NamesOf<T>().Split(", ").Contains(text));
    }

    private static bool TryReadNames(string? text, out IReadOnlyList<ClickDimension> values)
    {
        var found = new List<ClickDimension>();
        values = found;
        foreach (var name in string.IsNullOrEmpty(text) ? [] : text.Split(','))
        {
            if (name.Length == 0 || !TryReadName(name, default(ClickDimension), out var value) || found.Contains(value))
                return false;
            found.Add(value);
        }

        return true;
    }

    private static string NamesOf<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant();

    private static ProblemResult BadTime(string member, string? text) =>
        LinksProblems.Invalid(member, $"{member} must be a time such as 2026-01-31T12:00:00Z or a date such as 2026-01-31, not '{text}'.");
}

/// <summary>Which statistics are asked for.</summary>
/// <param name="From">From when, a time or a date; by default 30 days before the end.</param>
/// <param name="To">Until when, a time or a date; by default now.</param>
/// <param name="Interval">hour, day (the default) or month.</param>
/// <param name="GroupBy">referrer, browser, system, device, language or bot, or several of them with commas between them; nothing for no groups.</param>
internal readonly record struct StatsRequest(
    [property: FromQuery(Name = "from")] string? From,
    [property: FromQuery(Name = "to")] string? To,
    [property: FromQuery(Name = "interval")] string? Interval,
    [property: FromQuery(Name = "group_by")] string? GroupBy);
