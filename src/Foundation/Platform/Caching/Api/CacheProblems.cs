using Groundwork.Platform.Http;

namespace Groundwork.Platform.Caching.Api;

/// <summary>What can be wrong with a request to the cache, in sentences.</summary>
internal static class CacheProblems
{
    /// <summary>Something sent is not as it must be.</summary>
    /// <param name="member">Which parameter.</param>
    /// <param name="detail">What is wrong with it, and how it must be.</param>
    public static ProblemResult Invalid(string member, string detail) => Problem.InvalidRequest.Result(detail) with { Member = member };

    public static ProblemResult NoSpace(string space) =>
        Problem.NotFound.Result($"There is no space named '{space}'. /v1/cache/spaces lists those that there are.");

    public static ProblemResult NoKey(BytesView key, int database) => Problem.NotFound.Result(
        $"There is no key {(key.Text is null ? $"of the bytes {key.Base64} (base64)" : $"'{key.Text}'")} in database {database}: nobody has set it, its time is over, or it had to leave.");
}
