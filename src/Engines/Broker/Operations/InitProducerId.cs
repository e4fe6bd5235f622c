using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Operations;

/// <summary>InitProducerId, 0–5: a number for an idempotent producer, at epoch 0. Transactions are not offered: whoever names one is told so.</summary>
internal sealed class InitProducerId() : Operation<InitProducerIdRequest>(ApiKey.InitProducerId)
{
    protected override ValueTask<IResponse?> RunAsync(InitProducerIdRequest request, Call call)
    {
        if (request.TransactionalId is not null)
            return new(new InitProducerIdResponse { ErrorCode = request.TransactionalId.Length == 0 ? ErrorCode.InvalidRequest : ErrorCode.TransactionalIdAuthorizationFailed });
        try
        {
            return new(new InitProducerIdResponse { ProducerId = call.Node.ProducerIds.Next() });
        }
        catch (IOException)
        {
            return new(new InitProducerIdResponse { ErrorCode = ErrorCode.CoordinatorNotAvailable });
        }
    }
}
