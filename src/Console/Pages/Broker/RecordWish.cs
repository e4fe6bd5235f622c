using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Groundwork.Console.Pages.Broker;

/// <summary>A record as somebody typed it: shown again where it was refused, and what the request is made of. Immutable.</summary>
/// <param name="Key">Its key; empty for none.</param>
/// <param name="Value">Its value.</param>
/// <param name="Headers">What goes with it, a <c>name: value</c> a line.</param>
/// <param name="Partition">Its partition; empty for that of its key.</param>
public sealed record RecordWish(string Key = "", string Value = "", string Headers = "", string Partition = "")
{
    internal static RecordWish Of(IFormCollection form) => new(
        form["key"].ToString(), form["value"].ToString().ReplaceLineEndings("\n"), form["headers"].ToString().ReplaceLineEndings("\n"), form["partition"].ToString());

    /// <summary>The body that appends it.</summary>
    internal JsonObject ToBody()
    {
        var record = new JsonObject { ["value"] = Value };
        if (Key.Length > 0)
            record["key"] = Key;
        if (Lines().ToArray() is { Length: > 0 } headers)
            record["headers"] = new JsonArray(headers);
        var body = new JsonObject { ["records"] = new JsonArray(record) };
        if (int.TryParse(Partition, NumberStyles.None, CultureInfo.InvariantCulture, out var partition))
            body["partition"] = partition;
        return body;
    }

    private IEnumerable<JsonNode> Lines()
    {
        foreach (var line in Headers.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = line.Split(':', 2, StringSplitOptions.TrimEntries);
            yield return new JsonObject { ["name"] = parts[0], ["value"] = parts is [_, var value] ? value : null };
        }
    }
}
