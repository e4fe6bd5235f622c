using System.Globalization;
using System.Text.Json.Nodes;
using Groundwork.Console.Api;
using Microsoft.AspNetCore.WebUtilities;

namespace Groundwork.Console.Pages.Broker;

/// <summary>The requests that these pages make of the broker, by its public contract and no other way. Pure.</summary>
internal static class BrokerApi
{
    /// <summary>How many topics or groups a list shows; others are found by their names.</summary>
    public const int ListSize = 100;

    /// <summary>How many records a page shows.</summary>
    public const int RecordsPerPage = 25;

    private const string Topics = "/v1/topics";
    private const string Groups = "/v1/groups";

    public static ApiRequest Server() => ApiRequest.Get("/v1/broker");

    public static ApiRequest ListTopics(string words = "") => ApiRequest.Get(With(Topics, [new("q", words), new("limit", Text(ListSize))]));

    public static ApiRequest Topic(string topic) => ApiRequest.Get(OfTopic(topic));

    public static ApiRequest MakeTopic(JsonObject topic) => ApiRequest.Post(Topics, topic);

    public static ApiRequest DeleteTopic(string topic, string etag) => ApiRequest.Delete(OfTopic(topic)) with { Headers = Match(etag) };

    public static ApiRequest PlanPartitions(string topic, int total) => ApiRequest.Post($"{OfTopic(topic)}:plan-partitions", new JsonObject { ["partitions"] = total });

    public static ApiRequest AddPartitions(string topic, int total, string etag) =>
        ApiRequest.Post($"{OfTopic(topic)}:add-partitions", new JsonObject { ["partitions"] = total }) with { Headers = Match(etag) };

    public static ApiRequest Settings(string topic) => ApiRequest.Get($"{OfTopic(topic)}/settings");

    public static ApiRequest PlanSettings(string topic, JsonObject change) => ApiRequest.Post($"{OfTopic(topic)}:plan-settings", change);

    public static ApiRequest ChangeSettings(string topic, JsonObject change, string etag) => ApiRequest.Patch(OfTopic(topic), change) with { Headers = Match(etag) };

    public static ApiRequest PlanDeletion(string topic, JsonObject deletion) => ApiRequest.Post($"{OfTopic(topic)}:plan-delete-records", deletion);

    public static ApiRequest DeleteRecords(string topic, JsonObject deletion) => ApiRequest.Post($"{OfTopic(topic)}:delete-records", deletion);

    public static ApiRequest Records(RecordListQuery query) => ApiRequest.Get(With($"{OfTopic(query.Topic)}/records",
    [
        new("partition", query.Partition == 0 ? null : Text(query.Partition)),
        new("from", query.From),
        new("limit", Text(RecordsPerPage)),
    ]));

    public static ApiRequest Produce(string topic, JsonObject records) => ApiRequest.Post($"{OfTopic(topic)}/records", records);

    public static ApiRequest ListGroups(string words = "") => ApiRequest.Get(With(Groups, [new("q", words), new("limit", Text(ListSize))]));

    public static ApiRequest Group(string group) => ApiRequest.Get(OfGroup(group));

    public static ApiRequest DeleteGroup(string group, string etag) => ApiRequest.Delete(OfGroup(group)) with { Headers = Match(etag) };

    public static ApiRequest PlanReset(string group, JsonObject reset) => ApiRequest.Post($"{OfGroup(group)}:plan-reset", reset);

    public static ApiRequest Reset(string group, JsonObject reset, string etag) => ApiRequest.Post($"{OfGroup(group)}:reset", reset) with { Headers = Match(etag) };

    private static string OfTopic(string topic) => $"{Topics}/{Uri.EscapeDataString(topic)}";

    private static string OfGroup(string group) => $"{Groups}/{Uri.EscapeDataString(group)}";

    private static IReadOnlyList<KeyValuePair<string, string>> Match(string etag) => etag.Length == 0 ? [] : [new("if-match", etag)];

    private static string With(string path, IEnumerable<KeyValuePair<string, string?>> query) =>
        QueryHelpers.AddQueryString(path, query.Where(p => !string.IsNullOrEmpty(p.Value)));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
