using Groundwork.Platform.Http;

namespace Groundwork.Platform.Access;

/// <summary>What callers can be told about access.</summary>
internal static class AccessProblems
{
    public static readonly Problem Unauthenticated = new("unauthenticated", 401, "A valid credential is needed")
    {
        Explanation = "No credential was sent, or one that is unknown, malformed, revoked or expired; the detail says which. Send exactly one: "
            + "Authorization: Bearer with an API key or a token, or X-Api-Key with an API key. Whoever runs the server makes keys with "
            + "`groundwork keys create NAME --scope SCOPE`.",
    };

    public static readonly Problem MissingScope = new("missing-scope", 403, "The credential does not permit this")
    {
        Explanation = "The credential is valid, but does not hold the scope that the detail and WWW-Authenticate name. The same request will "
            + "fail again until it is made with one that does.",
    };

    public static readonly Problem Undecided = new("undecided-endpoint", 403, "Nobody may call this endpoint")
    {
        Explanation = "The endpoint does not say who may call it, so nobody may. A fault of the server; please report it.",
    };

    public static readonly Problem CannotCheck = new("credential-not-checkable", 503, "The credential cannot be checked now")
    {
        Explanation = "The authority that signs tokens, or the database that holds the keys, does not answer. It says nothing about the "
            + "credential. Ask again after the time in Retry-After. Nothing was done.",
    };

    public static readonly Problem NameTaken = new("key-name-taken", 409, "A key has this name")
    {
        Explanation = "Names are unique among keys that were not revoked, and differ from every key's id. A name whose key was about to be "
            + "made when the server stopped is free again after a minute.",
    };

    public static readonly Problem TooManyKeys = new("too-many-keys", 409, "There are as many keys as there may be")
    {
        Explanation = "The number of keys is limited. Revoke those that are not used; `groundwork keys list` shows them.",
    };

    public static readonly Problem KeyEnded = new("key-ended", 409, "The key has ended")
    {
        Explanation = "A key that has expired gets no new secret. Revoke it, and make another under its name.",
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Problem> All { get; } =
        [Unauthenticated, MissingScope, Undecided, CannotCheck, NameTaken, TooManyKeys, KeyEnded];
}
