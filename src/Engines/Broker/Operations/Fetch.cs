using Groundwork.Broker.Logs;
using Groundwork.Broker.Node.Fetching;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Topics;

namespace Groundwork.Broker.Operations;

/// <summary>
/// Fetch, 4–17: batches of some partitions, each from an offset on, as they lie in the log. It waits until there are
/// <c>min_bytes</c>, but no longer than <c>max_wait_ms</c>. Sessions (KIP-227) from 7 on; topics by id from 13 on.
/// </summary>
internal sealed class Fetch() : Operation<FetchRequest>(ApiKey.Fetch)
{
    private const short FirstWithIds = 13;

    protected override async ValueTask<IResponse?> RunAsync(FetchRequest request, Call call)
    {
        var sessions = call.Node.FetchSessions;
        var usesIds = call.Version >= FirstWithIds;
        FetchSession? session = null;
        if (request.SessionEpoch > FetchSessions.First)
        {
            session = sessions.Continue(request.SessionId, request.SessionEpoch, usesIds, out var code);
            if (session is null)
                return new FetchResponse { ErrorCode = code };
        }
        else
        {
            if (request.SessionId != 0)
                sessions.End(request.SessionId);
            if (request.SessionEpoch == FetchSessions.First)
                session = sessions.Begin(usesIds);
        }

        var isFull = request.SessionEpoch <= FetchSessions.First;
        var positions = Positions(request, session);
        var maxBytes = Math.Clamp(request.MaxBytes, 0, call.Node.Options.MaxFetchBytes);
        using var wait = new FetchWait();
        var deadline = call.Node.Time.GetTimestamp() + (long)(Math.Max(0, request.MaxWaitMs) / 1000.0 * call.Node.Time.TimestampFrequency);
        while (true)
        {
            wait.Arm();
            var share = await call.Node.AnswerMemory.TakeAsync(maxBytes, call.Cancelled);
            var collected = new FetchCollection(call.Node, session, isFull);
            var isAnswer = false;
            TimeSpan left;
            try
            {
                collected.Collect(positions, maxBytes);
                left = TimeSpan.FromSeconds((deadline - call.Node.Time.GetTimestamp()) / (double)call.Node.Time.TimestampFrequency);
                isAnswer = collected.Bytes >= request.MinBytes || collected.HasError || left <= TimeSpan.Zero || positions.Count == 0;
                if (isAnswer)
                {
                    // Until a slow client has taken it, it holds what it is, and not what it might have become.
                    share.Shrink(collected.Bytes);
                    call.AfterSending(share);
                    return collected.Answer(call);
                }
            }
            finally
            {
                if (!isAnswer)
                {
                    collected.Dispose();
                    share.Dispose();
                }
            }

            // Between looking and watching a log may have grown: so it is looked at once more after the first time.
            var looked = wait.IsWatching;
            foreach (var log in positions.Select(position => Find(call.Node.Topics, position)?.Log).OfType<PartitionLog>())
                wait.Watch(log);
            if (looked)
                await wait.WaitAsync(left, call.Node.Time, call.Cancelled);
        }
    }

    /// <summary>The log of a partition that is asked for; null where there is none.</summary>
    public static (Topic Topic, PartitionLog Log)? Find(TopicCatalog topics, FetchPosition position) =>
        (position.Topic.Length > 0 ? topics.Find(position.Topic) : topics.Find(position.TopicId)) is { } topic && topic.Find(position.Partition) is { } log
            ? (topic, log)
            : null;

    private static IReadOnlyList<FetchPosition> Positions(FetchRequest request, FetchSession? session)
    {
        var named = new List<FetchPosition>();
        foreach (var topic in request.Topics)
        {
            foreach (var partition in topic.Partitions)
            {
                named.Add(new FetchPosition(
                    topic.TopicId, topic.Topic, partition.Partition, partition.FetchOffset, partition.PartitionMaxBytes,
                    partition.CurrentLeaderEpoch, partition.LastFetchedEpoch));
            }
        }

        if (session is null)
            return named;
        foreach (var position in named)
            session.Set(position);
        foreach (var topic in request.ForgottenTopicsData)
        {
            foreach (var partition in topic.Partitions)
                session.Forget(topic.TopicId, topic.Topic, partition);
        }

        return session.InTurn();
    }
}
