using System.Globalization;
using Groundwork.Console.Shell;
using Microsoft.AspNetCore.WebUtilities;

namespace Groundwork.Console.Pages.Cache;

/// <summary>Which keys a page of the list shows: what stands in its address. Immutable.</summary>
/// <param name="Space">In which space.</param>
/// <param name="Pattern">What their names are like.</param>
/// <param name="Type">What they hold; empty for whatever.</param>
/// <param name="Database">In which database.</param>
/// <param name="Cursor">Where to go on.</param>
public sealed record KeyListQuery(string Space, string Pattern = "", string Type = "", int Database = 0, string Cursor = "")
{
    /// <summary>What keys may hold.</summary>
    public static IReadOnlyList<string> Types { get; } = ["string", "list", "hash", "set", "zset"];

    /// <summary>Whether it asks for all keys of a database.</summary>
    public bool IsAll => Pattern.Length + Type.Length == 0;

    /// <summary>The page that shows them.</summary>
    public string Address => QueryHelpers.AddQueryString(SpaceName.AddressOf(Space), new Dictionary<string, string?>
    {
        ["match"] = Pattern,
        ["type"] = Type,
        ["database"] = Database == 0 ? "" : Database.ToString(CultureInfo.InvariantCulture),
        ["cursor"] = Cursor,
    }.Where(p => !string.IsNullOrEmpty(p.Value)));

    internal static KeyListQuery Of(string space, Viewer viewer) => new(
        space,
        viewer.Query("match"),
        Types.Contains(viewer.Query("type")) ? viewer.Query("type") : "",
        int.TryParse(viewer.Query("database"), NumberStyles.None, CultureInfo.InvariantCulture, out var database) ? database : 0,
        viewer.Query("cursor"));
}
