using System.Globalization;
using System.Text.Json.Nodes;
using Groundwork.Console.Shell;
using Microsoft.AspNetCore.WebUtilities;

namespace Groundwork.Console.Pages.Broker;

/// <summary>Which records are to go, as somebody typed it: what stands in the address of its preview, and what the request is made of. Immutable.</summary>
/// <param name="Topic">Of which topic.</param>
/// <param name="Partition">Of which partition.</param>
/// <param name="Before">Where what is kept begins: an offset, a time, <c>earliest</c> or <c>latest</c>; empty where nothing was asked for.</param>
public sealed record DeletionWish(string Topic, int Partition = 0, string Before = "")
{
    /// <summary>How it must be typed.</summary>
    public const string Form = "An offset, a time such as 2026-11-30T08:00:00Z, or latest for all.";

    /// <summary>Whether something was typed.</summary>
    public bool IsAsked => Before.Length > 0;

    /// <summary>The page that shows what it would do.</summary>
    public string Address => QueryHelpers.AddQueryString(BrokerNames.AddressOf(Topic), new Dictionary<string, string?>
    {
        ["of"] = Partition.ToString(CultureInfo.InvariantCulture),
        ["before"] = Before,
    }) + "#delete-records";

    internal static DeletionWish Of(string topic, Viewer viewer) => new(
        topic,
        int.TryParse(viewer.Query("of"), NumberStyles.None, CultureInfo.InvariantCulture, out var partition) ? partition : 0,
        viewer.Query("before").Trim());

    /// <summary>The body that asks for it. Whether it is a place is the API's to say.</summary>
    internal JsonObject ToBody() => ToBody(TypedTime.InUtc(Before) ?? Before);

    /// <summary>The body for an offset, whatever was typed.</summary>
    internal JsonObject OfOffset(long offset) => ToBody(offset.ToString(CultureInfo.InvariantCulture));

    private JsonObject ToBody(string before) => new() { ["partition"] = Partition, ["before"] = before };
}
