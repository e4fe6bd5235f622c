using Groundwork.Console.Live;
using Groundwork.Ports.Modules;
using Microsoft.AspNetCore.Routing;

namespace Groundwork.Console.Shell;

/// <summary>
/// A part of the console: a folder of pages with their routes, and how people find them. The shell knows areas by this alone;
/// <see cref="ConsoleAreas"/> lists them.
/// </summary>
internal abstract class ConsoleArea
{
    /// <summary>The name in the navigation.</summary>
    public abstract string Title { get; }

    /// <summary>Its first page.</summary>
    public abstract string Address { get; }

    /// <summary>What a viewer needs to be shown the way; null where everyone is.</summary>
    public virtual Scope? Scope => ConsoleScopes.View;

    /// <summary>The module whose page it is, which it replaces the generic one for: <c>Links</c>; null where it is the whole house's.</summary>
    public virtual string? Module => null;

    /// <summary>Where it stands in the navigation: lower is further up; null keeps it out. A module's own page stands with the modules.</summary>
    public virtual int? Order => null;

    /// <summary>Its picture in the navigation: the <c>d</c> of a path of 20 × 20.</summary>
    public virtual string Icon => Icons.Page;

    /// <summary>The pages and actions that the palette offers, beside its first page.</summary>
    /// <param name="services">Those of the instance, to say what there is.</param>
    public virtual IEnumerable<PaletteEntry> PaletteOf(IServiceProvider services) => [];

    /// <summary>What somebody who is here for the first time may try.</summary>
    /// <param name="services">Those of the instance, to say what is true of it.</param>
    public virtual IEnumerable<FirstStep> FirstSteps(IServiceProvider services) => [];

    /// <summary>The parts of its pages that are live.</summary>
    public virtual IEnumerable<LiveRegion> Regions => [];

    /// <summary>Maps its pages and actions; each with a decision about who may call it.</summary>
    /// <param name="routes">Of the whole program; every address begins with <c>/_/</c>.</param>
    public abstract void Map(IEndpointRouteBuilder routes);
}

/// <summary>Something that the palette finds.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="Kind">In a word: page, module, setting, action, drill, benchmark; a search is offered for whatever is typed.</param>
/// <param name="Address">Where it leads; a search has <see cref="Words"/> in it.</param>
/// <param name="Detail">What else it may be found by.</param>
internal sealed record PaletteEntry(string Title, string Kind, string Address, string Detail = "")
{
    /// <summary>What what was typed is put in place of.</summary>
    public const string Words = "{words}";

    /// <summary>Whether it searches among more than can be listed.</summary>
    public bool IsSearch => Kind == "search";

    /// <summary>A search for what was typed.</summary>
    public PaletteEntry For(string words) => this with { Address = Address.Replace(Words, Uri.EscapeDataString(words), StringComparison.Ordinal) };
}

/// <summary>One thing to try, in one click.</summary>
/// <param name="Title">What happens.</param>
/// <param name="Text">Why one would.</param>
/// <param name="Action">The label of the button.</param>
/// <param name="Address">Where it is posted to.</param>
/// <param name="Module">The module that must run; null where none must.</param>
/// <param name="Scope">What the viewer needs.</param>
/// <param name="Command">The same from a shell, for who looks.</param>
internal sealed record FirstStep(
    string Title, string Text, string Action, string Address, string? Module, Scope Scope, Func<Viewer, string> Command);
