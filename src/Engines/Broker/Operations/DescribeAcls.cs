using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Operations;

/// <summary>DescribeAcls, 0–3: who may do what. There is no access control, and tools know that answer of Kafka's: their pages about it are empty, not broken.</summary>
internal sealed class DescribeAcls() : Operation<DescribeAclsRequest>(ApiKey.DescribeAcls)
{
    protected override ValueTask<IResponse?> RunAsync(DescribeAclsRequest request, Call call) => new(new DescribeAclsResponse
    {
        ErrorCode = ErrorCode.SecurityDisabled,
        ErrorMessage = "There is no access control: who reaches the broker may do everything.",
    });
}
