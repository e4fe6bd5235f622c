using Groundwork.Console.Shell;
using Microsoft.AspNetCore.WebUtilities;

namespace Groundwork.Console.Pages.Links;

/// <summary>Which links a page of the list shows: what stands in its address. Immutable.</summary>
/// <param name="Text">In the address, title or code.</param>
/// <param name="Owner">Exactly.</param>
/// <param name="Tag">Exactly.</param>
/// <param name="State">live, disabled or expired; empty for all. The API does not tell them apart, the page does.</param>
/// <param name="Cursor">Where to go on.</param>
public sealed record LinkQuery(string Text = "", string Owner = "", string Tag = "", string State = "", string Cursor = "")
{
    private static readonly string[] States = ["live", "disabled", "expired"];

    /// <summary>Whether it asks for all links.</summary>
    public bool IsAll => Text.Length + Owner.Length + Tag.Length + State.Length == 0;

    internal static LinkQuery Of(Viewer viewer) => new(
        viewer.Query("q").Trim(),
        viewer.Query("owner").Trim(),
        viewer.Query("tag").Trim(),
        States.Contains(viewer.Query("state")) ? viewer.Query("state") : "",
        viewer.Query("cursor"));

    /// <summary>The page that shows them.</summary>
    public string Address => QueryHelpers.AddQueryString("/_/links", new Dictionary<string, string?>
    {
        ["q"] = Text,
        ["owner"] = Owner,
        ["tag"] = Tag,
        ["state"] = State,
        ["cursor"] = Cursor,
    }.Where(p => !string.IsNullOrEmpty(p.Value)));
}
