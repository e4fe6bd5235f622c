using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Operations;

/// <summary>DeleteTopics, 0–6: by names, or from 6 on also by ids.</summary>
internal sealed class DeleteTopics() : Operation<DeleteTopicsRequest>(ApiKey.DeleteTopics)
{
    protected override async ValueTask<IResponse?> RunAsync(DeleteTopicsRequest request, Call call)
    {
        var response = new DeleteTopicsResponse();
        foreach (var name in request.TopicNames)
            response.Responses.Add(await DeleteAsync(new() { Name = name }, call));
        foreach (var topic in request.Topics)
            response.Responses.Add(await DeleteAsync(topic, call));
        return response;
    }

    private static async ValueTask<DeleteTopicsResponse.DeletableTopicResult> DeleteAsync(DeleteTopicsRequest.DeleteTopicState asked, Call call)
    {
        var topics = call.Node.Topics;
        var topic = asked.Name is null ? topics.Find(asked.TopicId) : topics.Find(asked.Name);
        var result = new DeleteTopicsResponse.DeletableTopicResult { Name = asked.Name ?? topic?.Name, TopicId = topic?.Id ?? asked.TopicId };
        if (topic is null)
        {
            (result.ErrorCode, result.ErrorMessage) = asked.Name is null
                ? (ErrorCode.UnknownTopicId, "There is no topic of that id.")
                : (ErrorCode.UnknownTopicOrPartition, $"There is no topic {asked.Name}.");
        }
        else if (topic.IsInternal)
        {
            (result.ErrorCode, result.ErrorMessage) = (ErrorCode.InvalidTopicException, $"{topic.Name} is the broker's own.");
        }
        else
        {
            try
            {
                if (topics.Delete(topic.Name) is { } fault)
                    (result.ErrorCode, result.ErrorMessage) = (fault.Code, fault.Message);
                else
                    await call.Node.ForgetAsync(topic, call.Cancelled);
            }
            catch (IOException e)
            {
                (result.ErrorCode, result.ErrorMessage) = (ErrorCode.KafkaStorageError, e.Message);
            }
        }

        return result;
    }
}
