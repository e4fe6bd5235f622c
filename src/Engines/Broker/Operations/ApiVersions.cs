using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Operations;

/// <summary>ApiVersions, 0–4: what this broker speaks; the first thing that a client asks.</summary>
internal sealed class ApiVersions() : Operation<ApiVersionsRequest>(ApiKey.ApiVersions)
{
    private static readonly ApiVersionsResponse Spoken = RequestGate.Versions(ErrorCode.None);

    protected override ValueTask<IResponse?> RunAsync(ApiVersionsRequest request, Call call) => new(Spoken);
}
