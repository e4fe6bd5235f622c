using Microsoft.AspNetCore.Http;

namespace Groundwork.Platform.Access.Sessions;

/// <summary>By which session a request is let in. Immutable.</summary>
/// <param name="Principal">Whose it is.</param>
/// <param name="ExpiresAt">When it ends unless it is used before.</param>
/// <param name="EndsAt">When it ends in any case.</param>
public sealed record ConsoleSession(Principal Principal, DateTimeOffset ExpiresAt, DateTimeOffset EndsAt);

/// <summary>How pages learn whether there is something to sign out of.</summary>
public static class ConsoleSessionExtensions
{
    /// <summary>The session; null for whoever is let in without one.</summary>
    public static ConsoleSession? GetConsoleSession(this HttpContext http) => http.Features.Get<ConsoleSession>();
}
