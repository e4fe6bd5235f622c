using Groundwork.Platform.Http;
using Groundwork.Ports.Messaging;
using Microsoft.AspNetCore.Http;

namespace Groundwork.Platform.Messaging.Api;

/// <summary>What can be wrong with a request to the broker, in sentences.</summary>
internal static class BrokerProblems
{
    /// <summary>There is a topic of that name.</summary>
    public static readonly Problem TopicExists = new("topic-exists", 409, "There is a topic of this name")
    {
        Explanation = "Topics are known by their names, and one of this name is there; nothing was made or changed. Read it to see whether it is the one that is wanted.",
    };

    /// <summary>What is asked for does not go with how it is.</summary>
    public static readonly Problem Refused = new("broker-refused", 409, "The broker does not do this")
    {
        Explanation = "What was asked for contradicts what is there, as the detail says: a group that is to be reset or deleted has members, or a topic is the "
            + "broker's own. Nothing was done. Change what stands in the way, and ask again.",
    };

    private static readonly TimeSpan SoonAgain = TimeSpan.FromSeconds(1);

    /// <summary>The kinds that only these endpoints answer with.</summary>
    public static IReadOnlyList<Problem> All { get; } = [TopicExists, Refused];

    /// <summary>Something sent is not as it must be.</summary>
    /// <param name="member">Which member or parameter.</param>
    /// <param name="detail">What is wrong with it, and how it must be.</param>
    public static ProblemResult Invalid(string member, string detail) => Problem.InvalidRequest.Result(detail) with { Member = member };

    public static ProblemResult NoTopic(string topic) =>
        Problem.NotFound.Result($"There is no topic '{topic}'. /v1/topics lists those that there are, and makes new ones.");

    public static ProblemResult NoGroup(string group) =>
        Problem.NotFound.Result($"There is no group '{group}': nobody has read by that name, or all that it had committed is forgotten. /v1/groups lists those that there are.");

    /// <summary>What the broker said.</summary>
    public static ProblemResult Of(BrokerException e) => e.Fault switch
    {
        BrokerFault.NoSuchTopic => Problem.NotFound.Result(e.Message),
        BrokerFault.Unavailable => Problem.Unavailable.Result(e.Message) with { RetryAfter = SoonAgain },
        _ => Refused.Result(e.Message),
    };

    /// <summary>An answer, or what the broker said instead.</summary>
    public static IResult Try(Func<IResult> answer)
    {
        try
        {
            return answer();
        }
        catch (BrokerException e)
        {
            return Of(e);
        }
    }

    /// <inheritdoc cref="Try"/>
    public static async Task<IResult> TryAsync(Func<Task<IResult>> answer)
    {
        try
        {
            return await answer();
        }
        catch (BrokerException e)
        {
            return Of(e);
        }
    }
}
