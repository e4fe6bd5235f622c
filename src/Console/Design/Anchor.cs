namespace Groundwork.Console.Design;

/// <summary>Names of a page's parts in addresses, so that one that is opened can be sent to somebody. Pure.</summary>
internal static class Anchor
{
    /// <summary>Such as <c>table-clicks-and-visitors</c>: letters and digits of ASCII, and a dash for whatever stands between them.</summary>
    /// <param name="kind">What it is, since a page may name several things alike.</param>
    /// <param name="title">What it is called on its page, where no other of its kind is.</param>
    public static string Of(string kind, string title)
    {
        var words = string.Concat(title.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' '));
        return string.Join('-', [kind, .. words.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
    }
}
