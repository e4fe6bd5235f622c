namespace Groundwork.Platform.Access.Sessions;

/// <summary>Where somebody goes after signing in: a page of the console, never another site. Pure.</summary>
internal static class ReturnPath
{
    private const int MaxLength = 1500;

    /// <summary>The path, or the console's first page where it is none of the console's.</summary>
    public static string Of(string? path) => path is not null && IsLocal(path) ? path : SessionRoutes.Below;

    // Browsers take a backslash for a slash and drop control characters; dots could lead out of the console.
    private static bool IsLocal(string path) =>
        path.Length <= MaxLength
        && path.StartsWith(SessionRoutes.Below, StringComparison.Ordinal)
        && !path.AsSpan().ContainsAny("\\\r\n\t")
        && path.All(c => c is >= ' ' and < '\u007f')
        && !path.Contains("..", StringComparison.Ordinal)
        && !path.Contains("%2e", StringComparison.OrdinalIgnoreCase)
        && !path.AsSpan(SessionRoutes.Below.Length).StartsWith("/")
        && !path.StartsWith(SessionRoutes.Create, StringComparison.Ordinal)
        && !path.StartsWith(SessionRoutes.SignIn, StringComparison.Ordinal);
}
