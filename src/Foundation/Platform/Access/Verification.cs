namespace Groundwork.Platform.Access;

/// <summary>What became of a credential.</summary>
/// <param name="Principal">Whose it is; null where it was not accepted.</param>
/// <param name="Detail">Why it was not accepted, for the caller; never repeats a part of the credential.</param>
/// <param name="RetryAfter">When asking again may help, because it could not be checked; null where it was refused.</param>
internal readonly record struct Verification(Principal? Principal, string Detail, TimeSpan? RetryAfter)
{
    public static Verification Accepted(Principal principal) => new(principal, "", null);

    public static Verification Refused(string detail) => new(null, detail, null);

    public static Verification NotNow(string detail, TimeSpan retryAfter) => new(null, detail, retryAfter);
}
