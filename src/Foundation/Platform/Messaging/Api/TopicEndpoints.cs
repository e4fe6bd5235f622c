using System.Text.Json.Serialization;
using Groundwork.Platform.Data;
using Groundwork.Platform.Http;
using Groundwork.Ports.Messaging;
using Groundwork.Ports.Messaging.Inspection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Groundwork.Platform.Messaging.Api;

/// <summary><c>/v1/topics</c> and <c>/v1/topics/{topic}</c>.</summary>
internal static class TopicEndpoints
{
    public const string Description =
        "What comes and goes is over the last ten seconds. A partition is hot while it gets three times as much as the others of its topic on average; then its most frequent keys are "
        + "shown, by a sample. The ETag changes with the topic's partitions and settings, not with what it holds.";

    private const int MaxNameFilter = 249;

    public static IResult List(
        [AsParameters] PageRequest page, [FromQuery(Name = "q")] string? words, [FromServices] IBrokerInspector broker)
    {
        if (!page.TryRead<TopicPosition>(out var limit, out var after, out var problem))
            return problem;
        if (words?.Length > MaxNameFilter)
            return BrokerProblems.Invalid("q", $"q has {words.Length} characters; {MaxNameFilter} are allowed.");
        var rows = broker.ListTopics()
            .SkipWhile(name => after is not null && string.CompareOrdinal(name, after.Name) <= 0)
            .Where(name => string.IsNullOrEmpty(words) || name.Contains(words, StringComparison.OrdinalIgnoreCase))
            .Select(broker.ReadTopic).OfType<TopicState>()
            .Take(limit + 1).ToList();
        return Results.Ok(Page.Of(rows, limit, TopicItemView.Of, row => new TopicPosition(row.Name)));
    }

    public static IResult Read(string topic, HttpContext http, [FromServices] IBrokerInspector broker)
    {
        if (broker.ReadTopic(topic) is not { } found)
            return BrokerProblems.NoTopic(topic);

        // What it holds changes under the same tag: so there is no answer without it.
        http.Response.Headers.ETag = TopicItemView.TagOf(found).ToString();
        return Results.Ok(TopicView.Of(found));
    }

    public static Task<IResult> CreateAsync(CreateTopic body, HttpContext http, [FromServices] IBrokerInspector broker, [FromServices] MessagingRequests requests)
    {
        var partitions = body.Partitions ?? broker.ReadServer().DefaultPartitions;
        var settings = body.Settings ?? new Dictionary<string, string>();
        if (settings.FirstOrDefault(setting => setting.Value is null) is { Key: { } unset })
            return Task.FromResult<IResult>(BrokerProblems.Invalid($"settings.{unset}", $"settings.{unset} must be a text."));
        var made = new TopicState(body.Name, Guid.Empty, false, settings, [.. Enumerable.Range(0, Math.Clamp(partitions, 0, 1)).Select(_ => TopicItemView.NoPartition)]);
        return BrokerProblems.TryAsync(async () =>
        {
            if (!Idempotent.IsAsked(http))
            {
                var answer = Decide();
                Make();
                return answer;
            }

            return await Idempotent.DecideAsync(http, requests.Store, body, () => new(Decide()), _ =>
            {
                if (broker.ReadTopic(body.Name) is null)
                    Make();
                return Task.CompletedTask;
            });
        });

        StoredAnswer Decide()
        {
            if (broker.ReadTopic(body.Name) is not null)
                throw new ProblemException(BrokerProblems.TopicExists.Result($"There is a topic '{body.Name}' already."));
            var view = TopicItemView.Of(made) with { PartitionCount = partitions };
            return StoredAnswer.Created($"/v1/topics/{body.Name}", TopicItemView.TagOf(partitions, settings), view);
        }

        void Make()
        {
            try
            {
                broker.CreateTopic(body.Name, partitions, settings);
            }
            catch (BrokerException e) when (e.Fault == BrokerFault.Refused)
            {
                throw new ProblemException(Problem.InvalidRequest.Result(e.Message));
            }
        }
    }

    public static Task<IResult> DeleteAsync(string topic, HttpContext http, [FromServices] IBrokerInspector broker, CancellationToken cancellationToken) =>
        BrokerProblems.TryAsync(async () =>
        {
            var found = broker.ReadTopic(topic);
            if (EntityTag.Refuse(http.Request, found is null ? null : TopicItemView.TagOf(found)) is { } refusal)
                return refusal;
            if (found is null)
                return BrokerProblems.NoTopic(topic);
            await broker.DeleteTopicAsync(topic, found.Id, cancellationToken);
            return Results.NoContent();
        });
}

/// <summary>The body that makes a topic.</summary>
/// <param name="Name">1 to 249 of letters, digits, <c>.</c>, <c>_</c> and <c>-</c>.</param>
/// <param name="Partitions">How many partitions it has; absent for as many as Broker:Partitions says.</param>
/// <param name="Settings">By Kafka's names: <c>retention.ms</c>, <c>retention.bytes</c>, …; what is not among them has its default.</param>
internal sealed record CreateTopic([property: JsonRequired] string Name, int? Partitions = null, IReadOnlyDictionary<string, string>? Settings = null);

/// <summary>Where a page of topics begins: behind a name.</summary>
internal sealed record TopicPosition(string Name);
