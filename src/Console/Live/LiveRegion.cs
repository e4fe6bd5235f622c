using Groundwork.Ports.Modules;

namespace Groundwork.Console.Live;

/// <summary>
/// A part of pages that changes by itself: a component without a viewer, so that one rendering serves all who look.
/// </summary>
/// <param name="Name">How pages ask for it: <c>instance</c>; <c>module:Links</c> where it takes an argument.</param>
/// <param name="Component">Renders it; has a parameter <c>Argument</c> where it takes one.</param>
/// <param name="Scope">What a viewer needs.</param>
/// <param name="Takes">Whether an argument is one; null where it takes none.</param>
internal sealed record LiveRegion(string Name, Type Component, Scope Scope, Func<IServiceProvider, string, bool>? Takes = null);
