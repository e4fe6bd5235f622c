using Groundwork.Platform.Http;
using Groundwork.Ports.Messaging;
using Groundwork.Ports.Messaging.Inspection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Groundwork.Platform.Messaging.Api;

/// <summary><c>GET /v1/topics/{topic}/records</c>.</summary>
internal static class RecordEndpoints
{
    public const string Description =
        "Of one partition, from a place on: earliest, latest (the newest page, which is what comes without from), an offset, or a time as RFC 3339 has it. What is gone or not there "
        + "yet begins at the nearest offset that is there. A page ends early where it would become longer than 16 MiB; next_offset says where to go on. Looking counts nowhere.";

    private const int DefaultBytes = 16 << 10;
    private const int MaxBytes = 1 << 20;

    public static IResult Read(string topic, [AsParameters] RecordRequest asked, [AsParameters] PageRequest page, [FromServices] IBrokerInspector broker)
    {
        if (!page.TryRead<OffsetPosition>(out var limit, out var after, out var problem))
            return problem;
        if (asked.Bytes is < 0 or > MaxBytes)
            return BrokerProblems.Invalid("bytes", $"bytes must be a whole number from 0 to {MaxBytes}, not {asked.Bytes}.");
        var start = ReadStart.Latest;
        if (after is not null)
            start = ReadStart.At(Math.Max(0, after.Offset));
        else if (asked.From is { Length: > 0 } from && !PlaceText.TryRead(from, out start))
            return BrokerProblems.Invalid("from", $"from must be {PlaceText.Form}; not '{from}'.");
        return BrokerProblems.Try(() => Results.Ok(RecordPageView.Of(
            broker.ReadRecords(topic, asked.Partition ?? 0, new RecordQuery(start, limit)), asked.Bytes ?? DefaultBytes)));
    }
}

/// <summary>Which records are asked for.</summary>
/// <param name="Partition">Of which partition; 0 where left out.</param>
/// <param name="From">From where on: earliest, latest, an offset or a time.</param>
/// <param name="Bytes">How much to show of each value, in bytes: 0 to 1,048,576; 16,384 where left out.</param>
internal readonly record struct RecordRequest(
    [property: FromQuery(Name = "partition")] int? Partition, [property: FromQuery(Name = "from")] string? From, [property: FromQuery(Name = "bytes")] int? Bytes);

/// <summary>Where a page of records begins.</summary>
internal sealed record OffsetPosition(long Offset);
