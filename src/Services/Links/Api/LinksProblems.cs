using Groundwork.Platform.Http;

namespace Groundwork.Links;

/// <summary>What can be wrong with a link, beyond what the house knows.</summary>
internal static class LinksProblems
{
    /// <summary>The alias belongs to another link.</summary>
    public static readonly Problem AliasTaken = new("alias-taken", 409, "The alias is taken")
    {
        Explanation = "Another link has this alias, or had it, or it may once have been handed out as a code: codes are never used twice, "
            + "so that an old print never leads somewhere new. Choose another alias. Nothing was done.",
    };

    /// <summary>The link is there, and leads nowhere now.</summary>
    public static readonly Problem LinkGone = new("link-gone", 410, "The link leads nowhere any more")
    {
        Explanation = "Its time is over, or it was switched off: whoever made it can give it a later end or switch it on again. Or it leads to a host "
            + "that whoever runs this server has blocked (Links:Blocklist).",
    };

    public static IReadOnlyList<Problem> All { get; } = [AliasTaken, LinkGone];

    /// <summary>Something sent is not as it must be.</summary>
    /// <param name="member">What: a member, a parameter, a column; null where it is none of them.</param>
    /// <param name="detail">What is wrong with it, and how it must be.</param>
    public static ProblemResult Invalid(string? member, string detail) => Problem.InvalidRequest.Result(detail) with { Member = member };

    public static ProblemResult NotThere(string code) => Problem.NotFound.Result($"There is no link with the code '{code}'.");

    public static ProblemResult Taken(string alias) =>
        AliasTaken.Result($"The alias '{alias}' is taken; choose another.") with { Member = "custom_alias" };
}
