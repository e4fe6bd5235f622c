namespace Groundwork.Platform.Access.Sessions;

/// <summary>The addresses of signing in and out. <see cref="SignIn"/> is a page of the console; the others are served here.</summary>
public static class SessionRoutes
{
    /// <summary>Under which a session is believed, and nowhere else.</summary>
    public const string Below = "/_/";

    /// <summary>The page to sign in on; takes <see cref="ReturnParameter"/> and <see cref="ProblemParameter"/>.</summary>
    public const string SignIn = "/_/sign-in";

    /// <summary>POST of a form with <see cref="KeyField"/>, <see cref="ReturnParameter"/> and the anti-forgery token: signs in.</summary>
    public const string Create = "/_/session";

    /// <summary>POST of a form with the anti-forgery token: signs out.</summary>
    public const string End = "/_/session/end";

    /// <summary>GET, a plain link with <see cref="ReturnParameter"/>: leads to the authority.</summary>
    public const string Authorize = "/_/session/authorize";

    /// <summary>GET: where the authority leads back to.</summary>
    public const string Callback = "/_/session/callback";

    /// <summary>The form's field for an API key.</summary>
    public const string KeyField = "key";

    /// <summary>Where to go afterwards: a path below <see cref="Below"/>.</summary>
    public const string ReturnParameter = "return";

    /// <summary>Why signing in failed: the name of a <see cref="SignInProblem"/>.</summary>
    public const string ProblemParameter = "problem";
}
