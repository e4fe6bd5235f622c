using System.Globalization;
using System.Text.Json.Nodes;
using Groundwork.Console.Shell;
using Microsoft.AspNetCore.Http;

namespace Groundwork.Console.Pages.Links;

/// <summary>
/// What somebody typed into the fields of a link, as they typed it: shown again where it was refused, and what the request is
/// made of. What is wrong with it the API says. Immutable.
/// </summary>
public sealed record LinkWish
{
    public const string DefaultRedirect = "302";

    /// <summary>What the field for <see cref="ExpiresAt"/> is called where two differ.</summary>
    public const string EndsAt = "Ends at";

    private const string Minutes = "yyyy-MM-dd'T'HH:mm";

    private const string Seconds = "yyyy-MM-dd'T'HH:mm:ss";

    public string LongUrl { get; init; } = "";

    public string Alias { get; init; } = "";

    /// <summary>Seconds.</summary>
    public string Ttl { get; init; } = "";

    /// <summary>As a browser's field for date and time has it; in UTC.</summary>
    public string ExpiresAt { get; init; } = "";

    public string Redirect { get; init; } = DefaultRedirect;

    public bool ForwardQuery { get; init; }

    public string Owner { get; init; } = "";

    /// <summary>With commas between them.</summary>
    public string Tags { get; init; } = "";

    public string Title { get; init; } = "";

    public bool Dedupe { get; init; }

    /// <summary>Whether more is said than where it leads.</summary>
    public bool SaysMore => this != new LinkWish { LongUrl = LongUrl };

    public static LinkWish Of(IFormCollection form) => Of(name => form[name].ToString(), form["owner"].ToString());

    /// <summary>What an address to the page fills in before anybody typed. The owner is not among it: there the list is asked for it.</summary>
    internal static LinkWish Of(Viewer viewer) => Of(viewer.Query, "");

    public static LinkWish Of(ShownLink link) => new()
    {
        LongUrl = link.LongUrl,
        Alias = link.Code,
        ExpiresAt = link.ExpiresAt?.UtcDateTime.ToString(Seconds, CultureInfo.InvariantCulture) ?? "",
        Redirect = link.Redirect.ToString(CultureInfo.InvariantCulture),
        ForwardQuery = link.ForwardQuery,
        Owner = link.Owner ?? "",
        Tags = string.Join(", ", link.Tags ?? []),
        Title = link.Title ?? "",
    };

    /// <summary>The body that makes the link.</summary>
    public JsonObject ToCreate()
    {
        var body = new JsonObject { ["long_url"] = LongUrl };
        if (Alias.Length > 0)
            body["custom_alias"] = Alias;
        if (Ttl.Length > 0)
            body["ttl"] = Number(Ttl);
        if (ExpiresAt.Length > 0)
            body["expires_at"] = Moment(ExpiresAt);
        if (Redirect != DefaultRedirect)
            body["redirect"] = Number(Redirect);
        if (ForwardQuery)
            body["forward_query"] = true;
        if (Owner.Length > 0)
            body["owner"] = Owner;
        if (Tags.Length > 0)
            body["tags"] = TagList();
        if (Title.Length > 0)
            body["title"] = Title;
        if (Dedupe)
            body["dedupe"] = true;
        return body;
    }

    /// <summary>The merge patch that makes a link so: what is different alone, since the rest may have become what could not be asked for again.</summary>
    public JsonObject ToPatch(LinkWish was)
    {
        var patch = new JsonObject();
        if (LongUrl != was.LongUrl)
            patch["long_url"] = LongUrl;
        if (ExpiresAt != was.ExpiresAt)
            patch["expires_at"] = ExpiresAt.Length > 0 ? Moment(ExpiresAt) : null;
        if (Redirect != was.Redirect)
            patch["redirect"] = Number(Redirect);
        if (ForwardQuery != was.ForwardQuery)
            patch["forward_query"] = ForwardQuery;
        if (Owner != was.Owner)
            patch["owner"] = Owner.Length > 0 ? Owner : null;
        if (!TagList().Select(t => t!.ToString()).SequenceEqual(was.TagList().Select(t => t!.ToString()), StringComparer.Ordinal))
            patch["tags"] = TagList();
        if (Title != was.Title)
            patch["title"] = Title.Length > 0 ? Title : null;
        return patch;
    }

    /// <summary>Where two differ: the field, what is wished, what is there.</summary>
    public IEnumerable<(string Field, string Mine, string Theirs)> Differences(LinkWish theirs)
    {
        (string, string, string)[] fields =
        [
            ("Long URL", LongUrl, theirs.LongUrl),
            ("Title", Title, theirs.Title),
            ("Tags", Tags, theirs.Tags),
            ("Owner", Owner, theirs.Owner),
            (EndsAt, ExpiresAt, theirs.ExpiresAt),
            ("Redirect", Redirect, theirs.Redirect),
            ("Passes the query on", ForwardQuery ? "yes" : "no", theirs.ForwardQuery ? "yes" : "no"),
        ];
        return fields.Where(f => f.Item2 != f.Item3);
    }

    /// <summary>The moment that was typed; null where it is none.</summary>
    public static DateTimeOffset? TimeOf(string text) =>
        DateTime.TryParseExact(text, [Minutes, Seconds], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? new(time) : null;

    private static LinkWish Of(Func<string, string> given, string owner) => new()
    {
        LongUrl = given("long_url").Trim(),
        Alias = given("custom_alias").Trim(),
        Ttl = given("ttl").Trim(),
        ExpiresAt = given("expires_at").Trim() is { Length: 16 } minutes ? minutes + ":00" : given("expires_at").Trim(),
        Redirect = given("redirect").Trim() is { Length: > 0 } redirect ? redirect : DefaultRedirect,
        ForwardQuery = given("forward_query").Length > 0,
        Owner = owner.Trim(),
        Tags = given("tags").Trim(),
        Title = given("title").Trim(),
        Dedupe = given("dedupe").Length > 0,
    };

    // What is no number, or no time, is sent as it was typed, so that the API says what is wrong with it.
    private static JsonNode Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : text;

    private static JsonNode Moment(string text) =>
        TimeOf(text) is { } time ? time.ToString(Seconds, CultureInfo.InvariantCulture) + "Z" : text;

    private JsonArray TagList() =>
        [.. Tags.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(t => (JsonNode)t)];
}
