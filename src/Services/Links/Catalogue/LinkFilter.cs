namespace Groundwork.Links;

/// <summary>Which links a listing shows; what is null lets all through.</summary>
/// <param name="Owner">Whose they are, exactly.</param>
/// <param name="Tag">A tag that they have, exactly.</param>
/// <param name="Text">What is in their address, title or code, in whatever case.</param>
internal sealed record LinkFilter(string? Owner, string? Tag, string? Text)
{
    /// <summary>Whether a link is shown; a deleted one never is.</summary>
    public bool Shows(Link link) =>
        link.State != LinkState.Deleted
        && (Owner is null || link.Content.Owner == Owner)
        && (Tag is null || link.Content.Tags.Contains(Tag))
        && (Text is null || Has(link.Content.LongUrl) || Has(link.Content.Title) || Has(link.Code));

    private bool Has(string? text) => text is not null && text.Contains(Text!, StringComparison.OrdinalIgnoreCase);
}
