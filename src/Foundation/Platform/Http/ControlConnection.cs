using Microsoft.AspNetCore.Http;

namespace Groundwork.Platform.Http;

/// <summary>Marks a connection that came through the control socket.</summary>
internal sealed class ControlConnection
{
    public static readonly ControlConnection Instance = new();

    /// <summary>Whether a request came through it.</summary>
    /// <remarks>Asked several times for every request, and looking for a feature that is not there costs the server a walk
    /// through all it has; a peer with an address cannot have come through a socket in the file system.</remarks>
    public static bool Brought(HttpContext context) =>
        context.Connection.RemoteIpAddress is null && context.Features.Get<ControlConnection>() is not null;
}
