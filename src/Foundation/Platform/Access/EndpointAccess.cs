using Groundwork.Ports.Modules;
using Microsoft.AspNetCore.Builder;

namespace Groundwork.Platform.Access;

/// <summary>Who may call an endpoint: everyone, or whoever holds a scope. Every endpoint has one.</summary>
/// <param name="Scope">The scope; null where the endpoint is public.</param>
/// <param name="PublicBecause">Why it is public; empty where it isn't.</param>
public sealed record EndpointAccess(Scope? Scope, string PublicBecause);

/// <summary>Marks the endpoints of the control socket, whose guard is the operating system.</summary>
internal sealed class ControlOnly
{
    public static readonly ControlOnly Instance = new();
}

/// <summary>How endpoints say who may call them.</summary>
public static class EndpointAccessExtensions
{
    /// <summary>Only callers that hold the scope.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoint, Scope scope)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new EndpointAccess(scope, ""));

    /// <summary>Everyone.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="because">Why that is right, for whoever reviews it.</param>
    public static TBuilder Public<TBuilder>(this TBuilder endpoint, string because)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new EndpointAccess(null, because));
}

/// <summary>Marks a request that the program makes of itself, for somebody whom it has let in already. No connection can bring it.</summary>
internal sealed record OnBehalfOf(Principal Principal);
