using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Operations;

/// <summary>
/// ApiVersions, 0–4: what this broker speaks; the first thing that a client asks. One that asks in a later version is answered in
/// version 0, with the list, so that it can ask again.
/// </summary>
internal sealed class ApiVersions() : Operation<ApiVersionsRequest>(ApiKey.ApiVersions)
{
    private static readonly List<ApiVersionsResponse.ApiVersion> Keys =
    [
        .. ApiCatalog.All.Where(api => api.Advertised is not null).Select(api => new ApiVersionsResponse.ApiVersion
        {
            ApiKey = (short)api.Key,
            MinVersion = api.Advertised!.Value.Min,
            MaxVersion = api.Advertised.Value.Max,
        }),
    ];

    /// <summary>The answer, with a code.</summary>
    public static ApiVersionsResponse Answer(ErrorCode code) => new() { ErrorCode = code, ApiKeys = Keys };

    protected override ValueTask<IResponse?> RunAsync(ApiVersionsRequest request, Call call) => new(Answer(ErrorCode.None));
}
