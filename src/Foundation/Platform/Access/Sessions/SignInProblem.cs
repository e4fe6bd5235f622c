namespace Groundwork.Platform.Access.Sessions;

/// <summary>Why signing in failed.</summary>
public enum SignInProblem
{
    /// <summary>The key is not one that holds.</summary>
    Refused,

    /// <summary>Too many attempts from one address failed.</summary>
    TooMany,

    /// <summary>The form had no valid anti-forgery token, as one that stood open for long.</summary>
    Form,

    /// <summary>The database or the authority does not answer.</summary>
    Away,

    /// <summary>The way back from the authority does not belong to a sign-in that this browser began here in the last minutes.</summary>
    State,

    /// <summary>The authority did not let this person in.</summary>
    Denied,

    /// <summary>What the authority sent cannot be believed, or was not made for this program.</summary>
    Token,
}

/// <summary>The words for it.</summary>
public static class SignInProblems
{
    /// <summary>A problem's name in an address.</summary>
    public static string Name(SignInProblem problem) => problem.ToString().ToLowerInvariant();

    /// <summary>What a page says about a name; null where there is none, or where it is no such name.</summary>
    public static string? Text(string? name) => Array.Find(Enum.GetValues<SignInProblem>(), p => Name(p) == name) is var problem && Name(problem) == name
        ? Text(problem)
        : null;

    private static string Text(SignInProblem problem) => problem switch
    {
        SignInProblem.Refused => "This key is not known here, was revoked, has expired, or was not sent whole: it has the form gw_ID_SECRET.",
        SignInProblem.TooMany => "Too many attempts from your address failed. Try again in a minute.",
        SignInProblem.Form => "The form stood open for too long, or did not come from this page. Try again.",
        SignInProblem.Away => "It cannot be checked now, because what keeps it does not answer. Try again in a moment.",
        SignInProblem.State => "This sign-in was not begun in this browser in the last ten minutes, or was done already. Begin again.",
        SignInProblem.Denied => "The authority did not let you in.",
        _ => "What the authority sent was not made for this program. Whoever runs it looks at Access:Authority, Access:ClientId and Access:Audience; the log says more.",
    };
}
