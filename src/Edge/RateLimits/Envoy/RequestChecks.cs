using Groundwork.Primitives.Limiting;
using Groundwork.RateLimits.Envoy.Messages;
using Grpc.Core;

namespace Groundwork.RateLimits.Envoy;

/// <summary>What a request must hold to, and what it is told otherwise.</summary>
internal static class RequestChecks
{
    /// <summary>The largest message, in bytes: descriptors carry headers of requests. A larger one gets RESOURCE_EXHAUSTED.</summary>
    public const int MaxMessageBytes = 128 << 10;

    /// <summary>The most descriptors.</summary>
    public const int MaxDescriptors = 32;

    /// <summary>Refuses what says nothing, or too much.</summary>
    public static void Check(RateLimitRequest request)
    {
        if (request.Domain.Length == 0)
            throw Invalid("domain must not be empty.");
        if (request.Descriptors.Count is 0 or > MaxDescriptors)
            throw Invalid($"descriptors must be 1 to {MaxDescriptors}, not {request.Descriptors.Count}.");
        for (var i = 0; i < request.Descriptors.Count; i++)
        {
            var descriptor = request.Descriptors[i];
            if (descriptor.Entries.Count == 0)
                throw Invalid($"descriptors[{i}].entries must not be empty.");
            if (descriptor.HitsAddend?.Value > Limit.MaxPermits)
                throw TooDear(i);
        }
    }

    /// <summary>Refuses a cost that no limit counts, of one descriptor or of several for one key.</summary>
    public static void CheckCost(long cost, int index)
    {
        if (cost > Limit.MaxPermits)
            throw TooDear(index);
    }

    /// <summary>INVALID_ARGUMENT.</summary>
    public static RpcException Invalid(string detail) => new(new Status(StatusCode.InvalidArgument, detail));

    private static RpcException TooDear(int index) =>
        Invalid($"descriptors[{index}] adds too many hits; all that a request adds to one key must be {Limit.MaxPermits} at most.");
}
