using System.Net;

namespace Groundwork.Links.Clicks;

/// <summary>A link was followed: what the request said, by reference, to be understood later.</summary>
/// <param name="Number">Which link.</param>
/// <param name="At">When, in seconds since 1970.</param>
/// <param name="Kind">How.</param>
internal readonly record struct Click(
    long Number, long At, ClickKind Kind, IPAddress? Address, string? UserAgent, string? Referrer, string? Language);

/// <summary>How a link was followed. The values are stored.</summary>
internal enum ClickKind
{
    /// <summary>By somebody.</summary>
    Click = 0,

    /// <summary>By a program that says so.</summary>
    Bot = 1,

    /// <summary>By a browser or messenger, ahead of somebody, who may never come.</summary>
    Preview = 2,

    /// <summary>By HEAD: somebody looked where it leads.</summary>
    Head = 3,
}

/// <summary>What clicks are told apart by. The values are stored.</summary>
internal enum ClickDimension
{
    /// <summary>The host of the page that the link stood on.</summary>
    Referrer = 0,

    /// <summary>The browser, without its version.</summary>
    Browser = 1,

    /// <summary>The operating system.</summary>
    System = 2,

    /// <summary>desktop, mobile, tablet or other.</summary>
    Device = 3,

    /// <summary>The language that the browser asks for first.</summary>
    Language = 4,

    /// <summary>Which program, of those that say so.</summary>
    Bot = 5,
}
