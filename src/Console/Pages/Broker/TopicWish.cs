using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Groundwork.Console.Pages.Broker;

/// <summary>A topic as somebody typed it: shown again where it was refused, and what the request is made of. What is wrong with it the API says. Immutable.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Partitions">How many partitions; empty for as many as the setting says.</param>
/// <param name="Retention">For how many milliseconds records are kept; empty for the default, -1 for ever.</param>
public sealed record TopicWish(string Name = "", string Partitions = "", string Retention = "")
{
    internal static TopicWish Of(IFormCollection form) => new(form["name"].ToString().Trim(), form["partitions"].ToString().Trim(), form["retention"].ToString());

    /// <summary>The body that makes it.</summary>
    internal JsonObject ToBody()
    {
        var body = new JsonObject { ["name"] = Name };
        if (Partitions.Length > 0)
            body["partitions"] = int.TryParse(Partitions, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : Partitions;
        if (Retention.Length > 0)
            body["settings"] = new JsonObject { ["retention.ms"] = Retention };
        return body;
    }
}
