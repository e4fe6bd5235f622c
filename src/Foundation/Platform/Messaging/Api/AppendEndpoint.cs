using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Groundwork.Platform.Data;
using Groundwork.Platform.Http;
using Groundwork.Ports.Messaging;
using Groundwork.Ports.Messaging.Inspection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Groundwork.Platform.Messaging.Api;

/// <summary><c>POST /v1/topics/{topic}/records</c>.</summary>
/// <remarks>
/// A request that may be sent again gets a number of the broker's first, which is kept with its key; with that number the broker itself knows a repetition, so that
/// nothing is there twice whenever the first answer was lost.
/// </remarks>
internal static class AppendEndpoint
{
    public const string Description =
        "Keys, values and headers are text, or bytes in base64 in the member beside it; a record without a value says that its key is gone. Keys find their partitions as Kafka's clients "
        + "have it, unless partition names one for all. With an Idempotency-Key an append is known for a day.";

    private const int MaxRecords = 10_000;

    public static Task<IResult> AppendAsync(
        string topic, AppendRecords body, HttpContext http, [FromServices] IBrokerInspector broker, [FromServices] MessagingRequests requests,
        CancellationToken cancellationToken) => BrokerProblems.TryAsync(async () =>
    {
        if (body.Records.Count is 0 or > MaxRecords)
            return BrokerProblems.Invalid("records", $"records must be 1 to {MaxRecords}, not {body.Records.Count}.");
        if (!TryRead(body.Records, out var records, out var problem))
            return problem;
        if (broker.ReadTopic(topic) is not { } found)
            return BrokerProblems.NoTopic(topic);
        if (!Idempotent.IsAsked(http))
            return Answer(topic, await broker.AppendAsync(topic, body.Partition, records, cancellationToken: cancellationToken));

        IReadOnlyList<RecordPlace> places = [];
        var result = await Idempotent.DecideAsync(http, requests.Store, body, () => new(Decide(found, broker)), async kept =>
        {
            var decision = JsonSerializer.Deserialize<AppendDecision>(kept.Body, HttpJson.Options)!;
            if (decision.Partitions != found.Partitions.Count)
                throw new ProblemException(BrokerProblems.Refused.Result("The topic has got partitions since this was sent first: whether it is there can be seen by reading it only."));
            places = await broker.AppendAsync(topic, body.Partition, records, decision.Number, cancellationToken);
        });
        if (result is not StoredAnswer { Headers: var headers })
            return result;
        if (headers.TryGetValue(Replayed, out var replayed))
            http.Response.Headers[Replayed] = replayed;
        return Answer(topic, places);
    });

    private const string Replayed = "Idempotency-Replayed";

    private static StoredAnswer Decide(TopicState topic, IBrokerInspector broker) =>
        StoredAnswer.Created($"/v1/topics/{topic.Name}/records", default, new AppendDecision(broker.NewAppend(), topic.Partitions.Count));

    private static IResult Answer(string topic, IReadOnlyList<RecordPlace> places) => Results.Created(
        $"/v1/topics/{topic}/records?partition={places[0].Partition}&from={places[0].Offset}", new AppendedView([.. places.Select(place => new PlaceView(place.Partition, place.Offset))]));

    private static bool TryRead(
        IReadOnlyList<NewRecord> sent, [NotNullWhen(true)] out OutgoingRecord[]? records, [NotNullWhen(false)] out ProblemResult? problem)
    {
        (records, problem) = (new OutgoingRecord[sent.Count], null);
        for (var i = 0; i < sent.Count && problem is null; i++)
        {
            var at = $"records[{i}]";
            if (sent[i] is null)
                problem = BrokerProblems.Invalid(at, $"{at} must be an object.");
            else if (TryRead(sent[i].Headers ?? [], at, out var headers, out problem) && TryRead(sent[i].Key, sent[i].KeyBase64, $"{at}.key", out var key, out problem)
                && TryRead(sent[i].Value, sent[i].ValueBase64, $"{at}.value", out var value, out problem))
            {
                if (sent[i].Time < DateTimeOffset.UnixEpoch)
                    problem = BrokerProblems.Invalid($"{at}.time", "time must not be before 1970.");
                records[i] = new OutgoingRecord(key, value, headers, sent[i].Time);
            }
        }

        return problem is null;
    }

    private static bool TryRead(IReadOnlyList<RecordHeaderView> sent, string record, out List<RecordHeader> headers, [NotNullWhen(false)] out ProblemResult? problem)
    {
        (headers, problem) = ([], null);
        for (var i = 0; i < sent.Count && problem is null; i++)
        {
            var at = $"{record}.headers[{i}]";
            if (sent[i] is not { } header)
                problem = BrokerProblems.Invalid(at, $"{at} must be an object.");
            else if (TryRead(header.Value, header.ValueBase64, $"{at}.value", out var content, out problem))
                headers.Add(new RecordHeader(header.Name, content));
        }

        return problem is null;
    }

    private static bool TryRead(string? text, string? base64, string member, out ReadOnlyMemory<byte>? bytes, [NotNullWhen(false)] out ProblemResult? problem)
    {
        (bytes, problem) = (null, null);
        if (text is not null && base64 is not null)
            problem = BrokerProblems.Invalid(member, $"{member} and {member}_base64 are the same in two forms: send one of them.");
        else if (text is not null)
            bytes = Encoding.UTF8.GetBytes(text);
        else if (base64 is not null)
        {
            var decoded = new byte[(base64.Length * 3 / 4) + 3];
            if (Convert.TryFromBase64String(base64, decoded, out var length))
                bytes = decoded.AsMemory(0, length);
            else
                problem = BrokerProblems.Invalid($"{member}_base64", $"{member}_base64 must be base64.");
        }

        return problem is null;
    }
}

/// <summary>The body that appends records.</summary>
/// <param name="Records">1 to 10,000 of them, as long together as a body may be.</param>
/// <param name="Partition">Where all of them go; absent where keys find their own.</param>
internal sealed record AppendRecords([property: JsonRequired] IReadOnlyList<NewRecord> Records, int? Partition = null);

/// <summary>A record to append.</summary>
/// <param name="Key">Its key as text.</param>
/// <param name="KeyBase64">Its key as bytes. Without either it goes where there is room.</param>
/// <param name="Value">Its value as text.</param>
/// <param name="ValueBase64">Its value as bytes. Without either it says that its key is gone.</param>
/// <param name="Headers">What goes with it, in this order.</param>
/// <param name="Time">When it happened; absent for now.</param>
internal sealed record NewRecord(
    string? Key = null, string? KeyBase64 = null, string? Value = null, string? ValueBase64 = null,
    IReadOnlyList<RecordHeaderView>? Headers = null, DateTimeOffset? Time = null);

/// <summary>Where records are.</summary>
/// <param name="Places">Of each record, in their order.</param>
internal sealed record AppendedView(IReadOnlyList<PlaceView> Places);

/// <summary>Where a record is.</summary>
/// <param name="Partition">The partition's number.</param>
/// <param name="Offset">Its place there.</param>
internal sealed record PlaceView(int Partition, long Offset);

/// <summary>What is kept of an append that may be sent again.</summary>
/// <param name="Number">By which the broker knows it.</param>
/// <param name="Partitions">How many partitions the topic had: with others keys go elsewhere, and a repetition would not be known.</param>
internal sealed record AppendDecision(long Number, int Partitions);
