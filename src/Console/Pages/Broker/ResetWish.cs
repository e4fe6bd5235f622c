using System.Globalization;
using System.Text.Json.Nodes;
using Groundwork.Console.Shell;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Groundwork.Console.Pages.Broker;

/// <summary>Where a group is to go on, as somebody chose it: what stands in the address of its preview, and what the request is made of. Immutable.</summary>
/// <param name="Group">The group.</param>
/// <param name="Topic">Of which topic; empty for all that it has committed.</param>
/// <param name="To">Which kind of place: one of <see cref="Kinds"/>; empty where nothing was chosen.</param>
/// <param name="Place">The offset, the time, or the number of records.</param>
public sealed record ResetWish(string Group, string Topic = "", string To = "", string Place = "")
{
    /// <summary>The kinds of places, and what they are called.</summary>
    public static IReadOnlyList<(string Value, string Name)> Kinds { get; } =
    [
        ("earliest", "the first record"), ("latest", "behind the last one"), ("offset", "an offset"), ("time", "a time, in UTC"), ("shift", "so many records further, or back"),
    ];

    /// <summary>Whether something was chosen.</summary>
    public bool IsAsked => To.Length > 0;

    /// <summary>The page that shows what it would do.</summary>
    public string Address => QueryHelpers.AddQueryString(BrokerNames.GroupAddress(Group), new Dictionary<string, string?>
    {
        ["topic"] = Topic,
        ["to"] = To,
        ["place"] = Place,
    }.Where(p => !string.IsNullOrEmpty(p.Value))) + "#reset";

    internal static ResetWish Of(Viewer viewer) => new(viewer.Query("name"), viewer.Query("topic"), viewer.Query("to"), viewer.Query("place").Trim());

    internal static ResetWish Of(IFormCollection form) => new(form["name"].ToString(), form["topic"].ToString(), form["to"].ToString(), form["place"].ToString().Trim());

    /// <summary>The body that asks for it.</summary>
    internal JsonObject ToBody()
    {
        var body = new JsonObject();
        if (Topic.Length > 0)
            body["topic"] = Topic;
        if (To == "shift")
            body["shift"] = long.TryParse(Place, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var shift) ? shift : Place;
        else
            body["to"] = To switch { "time" => TypedTime.InUtc(Place) ?? Place, "offset" => Place, _ => To };
        return body;
    }
}
