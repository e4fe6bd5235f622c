namespace Groundwork.Console.Pages.Links;

/// <summary>A link as the API shows it.</summary>
public sealed record ShownLink(
    string Code,
    string ShortUrl,
    string LongUrl,
    string Status,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    int Redirect,
    bool ForwardQuery,
    string? Owner,
    IReadOnlyList<string>? Tags,
    string? Title)
{
    /// <summary>The link's page.</summary>
    public string Address => AddressOf(Code);

    /// <summary>What people call it.</summary>
    public string Name => Title ?? Code;

    /// <summary>The short address without what everybody knows.</summary>
    public string ShortText => ShortUrl[(ShortUrl.IndexOf("//", StringComparison.Ordinal) + 2)..];

    /// <summary>How a chip shows the state.</summary>
    public string Tone => Status switch { "live" => "good", "disabled" => "warn", _ => "bad" };

    /// <summary>The state in a word that says what happens to whoever follows it.</summary>
    public string StatusWord => Status == "disabled" ? "off" : Status;

    public static string AddressOf(string code) => $"/_/links/{Uri.EscapeDataString(code)}";
}

/// <summary>A page of them.</summary>
public sealed record ShownLinks(IReadOnlyList<ShownLink> Items, string? NextCursor);

/// <summary>What happened to a link, as the API shows it.</summary>
public sealed record ShownClicks(
    DateTimeOffset From, DateTimeOffset To, string Interval, ClickTotals Total, IReadOnlyList<ClickBucket> Series, IReadOnlyList<ClickGroup>? Groups);

/// <summary>In all of the time; what is not a click is apart.</summary>
public sealed record ClickTotals(long Clicks, long Visitors, long Bots, long Previews, long Heads);

/// <summary>In a part of it.</summary>
public sealed record ClickBucket(DateTimeOffset From, long Clicks, long Visitors);

/// <summary>Of one value of a dimension.</summary>
public sealed record ClickGroup(string Dimension, string Value, long Clicks);
