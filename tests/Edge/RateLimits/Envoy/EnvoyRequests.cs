using Groundwork.RateLimits.Envoy.Messages;
using Grpc.Core;
using Code = Groundwork.RateLimits.Envoy.Messages.RateLimitResponse.Types.Code;
using Entry = Groundwork.RateLimits.Envoy.Messages.RateLimitDescriptor.Types.Entry;
using Override = Groundwork.RateLimits.Envoy.Messages.RateLimitDescriptor.Types.RateLimitOverride;
using Unit = Groundwork.RateLimits.Envoy.Messages.RateLimitResponse.Types.RateLimit.Types.Unit;

namespace Groundwork.RateLimits.Tests.Envoy;

/// <summary>Requests as Envoy sends them, in short.</summary>
internal static class EnvoyRequests
{
    /// <summary>A descriptor, of entries such as <c>remote_address=10.0.0.1</c>.</summary>
    public static RateLimitDescriptor Descriptor(params string[] entries)
    {
        var descriptor = new RateLimitDescriptor();
        foreach (var entry in entries)
        {
            var at = entry.IndexOf('=', StringComparison.Ordinal);
            descriptor.Entries.Add(new Entry { Key = entry[..at], Value = entry[(at + 1)..] });
        }

        return descriptor;
    }

    /// <summary>The same with a limit of its own.</summary>
    public static RateLimitDescriptor With(this RateLimitDescriptor descriptor, uint requests, Unit unit)
    {
        descriptor.Limit = new Override { RequestsPerUnit = requests, Unit = unit };
        return descriptor;
    }

    /// <summary>The same that adds so many hits, whatever its request says.</summary>
    public static RateLimitDescriptor Adding(this RateLimitDescriptor descriptor, ulong hits)
    {
        descriptor.HitsAddend = new RateLimitDescriptor.Types.Hits { Value = hits };
        return descriptor;
    }

    /// <summary>A request for the domain <c>edge</c>.</summary>
    public static RateLimitRequest Request(params RateLimitDescriptor[] descriptors) => new() { Domain = "edge", Descriptors = { descriptors } };

    /// <summary>Asks.</summary>
    public static async Task<RateLimitResponse> AskAsync(this LimitedInstance limited, RateLimitRequest request, params (string Name, string Value)[] headers)
    {
        var metadata = new Metadata();
        foreach (var (name, value) in headers)
            metadata.Add(name, value);
        return await limited.Envoy.ShouldRateLimitAsync(request, metadata, cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>Whether each descriptor is within its limits, and the request as a whole; in this order.</summary>
    public static async Task<string> CodesAsync(this LimitedInstance limited, params RateLimitDescriptor[] descriptors)
    {
        var answer = await limited.AskAsync(Request(descriptors));
        return $"{Show(answer.OverallCode)}: {string.Join(' ', answer.Statuses.Select(s => Show(s.Code)))}";
    }

    /// <summary>The status that a request fails with.</summary>
    public static async Task<Status> FailAsync(this LimitedInstance limited, RateLimitRequest request, params (string Name, string Value)[] headers) =>
        (await Assert.ThrowsAsync<RpcException>(() => limited.AskAsync(request, headers))).Status;

    private static string Show(Code code) => code switch
    {
        Code.Ok => "ok",
        Code.OverLimit => "over",
        _ => code.ToString(),
    };
}
