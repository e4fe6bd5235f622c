using Groundwork.Platform.Http;
using Groundwork.Platform.Messaging.Readers;
using Groundwork.Ports.Messaging;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Groundwork.Platform.Messaging.Api;

/// <summary>Readers of the command line, over the control socket: opened, taken from, closed.</summary>
internal static class ReaderEndpoints
{
    private const int MaxRecords = 10_000;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    public static Task<IResult> OpenAsync(OpenReader body, [FromServices] RecordReaders readers, CancellationToken cancellationToken) =>
        BrokerProblems.TryAsync(async () =>
        {
            var start = default(ReadStart);
            if (body.From is { } from && !PlaceText.TryRead(from, out start))
                return BrokerProblems.Invalid("from", $"from must be {PlaceText.Form}; not '{from}'.");
            if (body.Group is { Length: 0 or > GroupName.MaxLength })
                return BrokerProblems.Invalid("group", $"A group's name has 1 to {GroupName.MaxLength} characters.");
            if (body.Group is not null && (body.Partition is not null || start.Kind is not (ReadStartKind.Earliest or ReadStartKind.Latest)))
                return BrokerProblems.Invalid("group", "A group shares out the partitions itself, and begins at earliest or latest where it has committed nothing: leave out partition and other places.");
            var id = body.Group is { } group
                ? await readers.JoinAsync(group, body.Topic, start.Kind, cancellationToken)
                : await readers.OpenAsync(body.Topic, body.Partition, start, cancellationToken);
            return id is null
                ? Problem.TooManyRequests.With($"{RecordReaders.Max} commands read already: end one of them.")
                : Results.Ok(new OpenedReader(id));
        });

    public static Task<IResult> TakeAsync(string reader, TakeRecords body, [FromServices] RecordReaders readers, CancellationToken cancellationToken) =>
        BrokerProblems.TryAsync(async () =>
        {
            if (readers.Find(reader) is not { } found)
                return Gone();
            var wait = TimeSpan.FromSeconds(Math.Clamp(body.Wait, 0, LongestWait.TotalSeconds));
            var taken = await found.TakeAsync(Math.Clamp(body.Limit, 1, MaxRecords), wait, cancellationToken);
            return Results.Ok(new TakenRecords([.. taken.Select(record => RecordView.Of(record, int.MaxValue))], body.ToEnd && await found.IsAtEndAsync(cancellationToken)));
        });

    public static Task<IResult> CloseAsync(
        string reader, [FromQuery(Name = "done")] bool? done, [FromServices] RecordReaders readers, CancellationToken cancellationToken) => BrokerProblems.TryAsync(async () =>
        await readers.CloseAsync(reader, done == true, cancellationToken) ? Results.NoContent() : Gone());

    private static ProblemResult Gone() => Problem.NotFound.Result("There is no such reader: it was not asked for a minute, or the instance was started again.");
}

/// <summary>What a reader reads.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition; absent for all.</param>
/// <param name="From">Where it begins; the earliest record where it is left out.</param>
/// <param name="Group">The group as whose member it reads; absent for none.</param>
internal sealed record OpenReader(string Topic, int? Partition = null, string? From = null, string? Group = null);

/// <summary>A reader that is open.</summary>
internal sealed record OpenedReader(string Id);

/// <summary>Asks for the next records: those that were given before count as done then.</summary>
/// <param name="Limit">How many at most.</param>
/// <param name="Wait">How many seconds to wait where there is none.</param>
/// <param name="ToEnd">Whether to look if that was all that was there.</param>
internal sealed record TakeRecords(int Limit, double Wait, bool ToEnd = false);

/// <summary>The next records.</summary>
/// <param name="Records">None where none came in time.</param>
/// <param name="IsAtEnd">Whether the reader has had all that was there when it was asked.</param>
internal sealed record TakenRecords(IReadOnlyList<RecordView> Records, bool IsAtEnd);
