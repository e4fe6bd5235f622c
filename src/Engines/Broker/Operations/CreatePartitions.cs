using Groundwork.Broker.Protocol;
using Groundwork.Broker.Records;
using Groundwork.Broker.Topics;

namespace Groundwork.Broker.Operations;

/// <summary>CreatePartitions, 0–3: gives topics more partitions. Keys that are spread by a hash then find others than before.</summary>
internal sealed class CreatePartitions() : Operation<CreatePartitionsRequest>(ApiKey.CreatePartitions)
{
    protected override ValueTask<IResponse?> RunAsync(CreatePartitionsRequest request, Call call)
    {
        var response = new CreatePartitionsResponse();
        foreach (var topic in request.Topics)
        {
            BatchFault? fault;
            try
            {
                fault = TopicName.IsInternal(topic.Name)
                    ? new(ErrorCode.InvalidTopicException, $"{topic.Name} is the broker's own.")
                    : topic.Assignments?.Any(a => a.BrokerIds is not [var one] || one != call.Node.Options.NodeId) == true
                    ? new(ErrorCode.InvalidReplicaAssignment, $"There is no node but {call.Node.Options.NodeId}.")
                    : call.Node.Topics.AddPartitions(topic.Name, topic.Count, request.ValidateOnly);
            }
            catch (IOException e)
            {
                fault = new(ErrorCode.KafkaStorageError, e.Message);
            }

            response.Results.Add(new() { Name = topic.Name, ErrorCode = fault?.Code ?? ErrorCode.None, ErrorMessage = fault?.Message });
        }

        return new(response);
    }
}
