namespace Groundwork.Console.Pages.Links;

/// <summary>What the live regions of clicks are asked for: <c>CODE?range=7d&amp;interval=day</c>. Pure.</summary>
internal static class ClickRegion
{
    private const int MaxLength = 200;

    public static string Write(string code, ClickRange range) => code + range.Query;

    public static (string Code, ClickRange Range) Read(string argument)
    {
        var query = argument.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? at : argument.Length;
        return (argument[..query], ClickRange.Read(argument[query..]));
    }

    /// <summary>Whether an argument is one as <see cref="Write"/> writes it: no two of them name the same region.</summary>
    public static bool Takes(string argument)
    {
        if (argument.Length > MaxLength)
            return false;
        var (code, range) = Read(argument);
        return code.Length > 0
            && code.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            && range.Fault is null
            && Write(code, range) == argument;
    }
}
