namespace Groundwork.Platform.Access.Sessions;

/// <summary>How people can sign in, for the page that asks them to.</summary>
public sealed class SignInWays
{
    private readonly AuthorityClient _authority;

    internal SignInWays(AuthorityClient authority) => _authority = authority;

    /// <summary>Whether a link to <see cref="SessionRoutes.Authorize"/> leads somewhere. A key does in any case.</summary>
    public bool ByAuthority => _authority.IsConfigured;

    /// <summary>A link's address.</summary>
    /// <param name="path">Where to go afterwards; anything but a page of the console is taken for its first.</param>
    public static string AuthorizeAddress(string? path) =>
        $"{SessionRoutes.Authorize}?{SessionRoutes.ReturnParameter}={Uri.EscapeDataString(ReturnPath.Of(path))}";

    /// <summary>The address of the page to sign in on.</summary>
    /// <param name="path">Where to go afterwards; anything but a page of the console is taken for its first.</param>
    public static string SignInAddress(string? path) =>
        $"{SessionRoutes.SignIn}?{SessionRoutes.ReturnParameter}={Uri.EscapeDataString(ReturnPath.Of(path))}";
}
