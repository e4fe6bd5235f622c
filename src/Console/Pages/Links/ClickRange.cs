using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace Groundwork.Console.Pages.Links;

/// <summary>
/// Which time the clicks of a link are shown of, and in which steps: what stands in the page's address, and in the argument of
/// its live region. Immutable.
/// </summary>
/// <remarks>
/// The last hours or days end now, and move on; days that somebody chose stand still. All in UTC, as Links counts.
/// </remarks>
public sealed record ClickRange
{
    /// <summary>The longest time in steps of an hour: beyond it a picture has more of them than a screen has room for.</summary>
    public const int MaxHourlyDays = 31;

    private const string Default = "7d";

    private const string Day = "yyyy-MM-dd";

    private ClickRange()
    {
    }

    /// <summary>The times that are one click away: their names in addresses, in words, and how many hours they are.</summary>
    public static IReadOnlyList<(string Name, string Words, int Hours)> Last { get; } =
        [("24h", "24 hours", 24), ("7d", "7 days", 7 * 24), ("30d", "30 days", 30 * 24)];

    /// <summary>The steps there are.</summary>
    public static IReadOnlyList<string> Intervals { get; } = ["hour", "day", "month"];

    /// <summary>The name of one of <see cref="Last"/>; empty where days were chosen.</summary>
    public string Name { get; private init; } = Default;

    /// <summary>The first day that was chosen, as it was sent.</summary>
    public string From { get; private init; } = "";

    /// <summary>The last day, which is in it.</summary>
    public string To { get; private init; } = "";

    /// <summary>How long the steps are.</summary>
    public string Interval { get; private init; } = "day";

    /// <summary>The field that something is wrong with, and what.</summary>
    public (string Field, string Words)? Fault { get; private init; }

    /// <summary>Whether hours can be told apart.</summary>
    public bool CanBeHourly => Name.Length > 0 || (TryDay(From, out var from) && TryDay(To, out var to) && to.DayNumber - from.DayNumber < MaxHourlyDays);

    /// <summary>As a query string, which reads back as the same.</summary>
    public string Query => QueryHelpers.AddQueryString("", new Dictionary<string, string?>
    {
        ["range"] = Name,
        ["from"] = From,
        ["to"] = To,
        ["interval"] = Interval,
    }.Where(p => !string.IsNullOrEmpty(p.Value)));

    /// <summary>What the time is called.</summary>
    public string Words => Name.Length > 0 ? "the last " + Last.First(l => l.Name == Name).Words
        : From == To ? From : $"{From} to {To}";

    /// <summary>Reads what an address says; what it doesn't say, or nobody can understand, is the last seven days.</summary>
    public static ClickRange Read(string query)
    {
        var given = QueryHelpers.ParseQuery(query);
        string Given(string name) => given.TryGetValue(name, out var value) ? value.ToString().Trim() : "";

        var (from, to, name) = (Given("from"), Given("to"), Given("range"));
        var isChosen = from.Length + to.Length > 0;
        var range = new ClickRange
        {
            Name = isChosen ? "" : Last.Any(l => l.Name == name) ? name : Default,
            From = from,
            To = to,
            Fault = isChosen ? FaultOf(from, to) : null,
        };
        var wished = Intervals.Contains(Given("interval")) ? Given("interval") : range.Name == "24h" ? "hour" : "day";
        return range with { Interval = wished == "hour" && !range.CanBeHourly ? "day" : wished };
    }

    /// <summary>The same time in other steps.</summary>
    public ClickRange In(string interval) => Read((this with { Interval = interval }).Query);

    /// <summary>One of <see cref="Last"/>.</summary>
    public static ClickRange OfLast(string name) => Read("?range=" + name);

    /// <summary>What to ask the API for.</summary>
    /// <param name="now">When it is asked.</param>
    /// <param name="groupBy">By what the clicks are told apart; null for not at all.</param>
    public IEnumerable<KeyValuePair<string, string?>> ToApi(DateTimeOffset now, string? groupBy = null)
    {
        if (Name.Length > 0)
        {
            // From the beginning of an hour, since that is how Links counts; so a minute later it is the same request.
            var hours = now.UtcDateTime.Ticks / TimeSpan.TicksPerHour;
            var from = new DateTime((hours - Last.First(l => l.Name == Name).Hours + 1) * TimeSpan.TicksPerHour, DateTimeKind.Utc);
            yield return new("from", from.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        }
        else
        {
            yield return new("from", From);
            yield return new("to", TryDay(To, out var to) ? to.AddDays(1).ToString(Day, CultureInfo.InvariantCulture) : To);
        }

        yield return new("interval", Interval);
        if (groupBy is not null)
            yield return new("group_by", groupBy);
    }

    private static (string, string)? FaultOf(string from, string to)
    {
        if (!TryDay(from, out var first))
            return ("from", "From must be a day such as 2026-01-31.");
        if (!TryDay(to, out var last))
            return ("to", "To must be a day such as 2026-01-31.");
        return first > last ? ("from", "From must not be after to.")
            : last.DayNumber - first.DayNumber > 730 ? ("from", "Two years at most can be seen at once.")
            : null;
    }

    // A year of four figures that lies where the API's times do.
    private static bool TryDay(string text, out DateOnly day) =>
        DateOnly.TryParseExact(text, Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out day) && day.Year is >= 1970 and < 9000;
}
