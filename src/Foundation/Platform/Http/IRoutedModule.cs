using Microsoft.AspNetCore.Routing;

namespace Groundwork.Platform.Http;

/// <summary>A module that serves HTTP. Every endpoint decides who may call it; one that doesn't stops the start.</summary>
public interface IRoutedModule
{
    /// <summary>Maps its public routes: under <c>/v1</c>, or one of the root's reserved segments.</summary>
    void Map(IEndpointRouteBuilder routes);

    /// <summary>The kinds of problems that only its endpoints answer with; each gets its page at <c>/docs/problems/{slug}</c>.</summary>
    IReadOnlyList<Problem> Problems => [];
}

/// <summary>A module whose page is the first that somebody sees: <c>/</c> leads to it. One at most.</summary>
public interface IFrontPage
{
    /// <summary>Its address, below a reserved segment: <c>/_/</c>.</summary>
    string Address { get; }
}

/// <summary>A module that serves the command line through the control socket, where only this user can call.</summary>
public interface IControlledModule
{
    /// <summary>Maps its routes; no public listener ever serves them.</summary>
    void MapControl(IEndpointRouteBuilder routes);
}
