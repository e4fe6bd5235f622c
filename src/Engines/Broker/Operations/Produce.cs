using System.Runtime.InteropServices;
using Groundwork.Broker.Journals;
using Groundwork.Broker.Logs;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Records;
using Groundwork.Broker.Topics;

namespace Groundwork.Broker.Operations;

/// <summary>
/// Produce, 3–12: appends a batch to each of some partitions. With <c>acks=all</c> (-1) it is answered when they are durable; with 1
/// when they are in the log, which a crash of the machine may undo; with 0 not at all.
/// </summary>
/// <remarks>Appends are made in the order of the requests, before anything is waited for; so the next request may begin while this one waits for the disk.</remarks>
internal sealed class Produce() : Operation<ProduceRequest>(ApiKey.Produce)
{
    private const short All = -1;

    public override bool Overlaps => true;

    protected override ValueTask<IResponse?> RunAsync(ProduceRequest request, Call call)
    {
        var response = new ProduceResponse();
        Round? last = null;
        var failed = false;
        foreach (var topic in request.TopicData)
        {
            var answers = new ProduceResponse.TopicProduceResponse { Name = topic.Name };
            response.Responses.Add(answers);
            foreach (var partition in topic.PartitionData)
            {
                var result = Append(request, topic.Name, partition, call, out var log);
                last = Round.Later(last, result.Round); // a repetition waits for a round that may be older
                failed |= result.Fault is not null;
                answers.PartitionResponses.Add(new()
                {
                    Index = partition.Index,
                    ErrorCode = result.Fault?.Code ?? ErrorCode.None,
                    ErrorMessage = result.Fault?.Message,
                    BaseOffset = result.BaseOffset,
                    LogAppendTimeMs = result.Timestamp,
                    LogStartOffset = log?.StartOffset ?? RecordBatch.None,
                });
            }
        }

        // What was appended is a view of the request until it is in the journal.
        call.Held = last?.Durable ?? Task.CompletedTask;
        if (request.Acks == 0)
        {
            // Nobody reads an answer: a closed connection is how the producer learns that something was refused.
            call.Closes = failed;
            return new((IResponse?)null);
        }

        return last is null || request.Acks != All ? new(response) : WaitAsync(last, response, request, call);
    }

    private static AppendResult Append(ProduceRequest request, string topicName, ProduceRequest.PartitionProduceData partition, Call call, out PartitionLog? log)
    {
        log = call.Node.Topics.Find(topicName)?.Find(partition.Index);
        if (request.Acks is < All or > 1)
            return AppendResult.Refused(new(ErrorCode.InvalidRequiredAcks, $"acks is -1, 0 or 1, not {request.Acks}."));
        if (TopicName.IsInternal(topicName))
            return AppendResult.Refused(new(ErrorCode.InvalidTopicException, $"{topicName} is the broker's own: it is not written to by clients."));
        if (log is null)
            return AppendResult.Refused(new(ErrorCode.UnknownTopicOrPartition, $"There is no partition {partition.Index} of a topic {topicName}."));
        if (request.TransactionalId is not null)
            return AppendResult.Refused(new(ErrorCode.InvalidTxnState, "Transactions are not offered yet: leave out transactional.id."));
        var bytes = MemoryMarshal.AsMemory(partition.Records.Join());
        if (bytes.Length < RecordBatch.PrefixBytes || RecordBatch.LengthOf(bytes.Span) != bytes.Length)
            return AppendResult.Refused(new(ErrorCode.InvalidRecord, "A partition is sent one batch at a time, and its length is that of what is sent."));
        if (BatchCheck.Check(bytes.Span) is { } fault)
            return AppendResult.Refused(fault);
        return new RecordBatch(bytes.Span).IsTransactional
            ? AppendResult.Refused(new(ErrorCode.InvalidTxnState, "Transactions are not offered yet: leave out transactional.id."))
            : log.Append(bytes);
    }

    private static async ValueTask<IResponse?> WaitAsync(Round round, ProduceResponse response, ProduceRequest request, Call call)
    {
        try
        {
            await round.Durable.WaitAsync(TimeSpan.FromMilliseconds(Math.Max(0, request.TimeoutMs)), call.Node.Time, call.Cancelled);
        }
        catch (TimeoutException)
        {
            Fail(response, ErrorCode.RequestTimedOut, "It is not durable yet; it may still become so.");
        }
        catch (JournalFailedException e)
        {
            Fail(response, ErrorCode.KafkaStorageError, e.Message);
        }

        return response;
    }

    private static void Fail(ProduceResponse response, ErrorCode code, string message)
    {
        foreach (var topic in response.Responses)
        {
            foreach (var partition in topic.PartitionResponses.Where(partition => partition.ErrorCode == ErrorCode.None))
            {
                (partition.ErrorCode, partition.ErrorMessage) = (code, message);
                partition.BaseOffset = RecordBatch.None;
            }
        }
    }
}
