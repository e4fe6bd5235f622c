using Google.Protobuf.Collections;
using Groundwork.Primitives.Limiting;
using Groundwork.RateLimits.Envoy.Messages;
using Groundwork.RateLimits.Policies;
using Groundwork.RateLimits.Requests;
using Entry = Groundwork.RateLimits.Envoy.Messages.RateLimitDescriptor.Types.Entry;
using Override = Groundwork.RateLimits.Envoy.Messages.RateLimitDescriptor.Types.RateLimitOverride;

namespace Groundwork.RateLimits.Envoy;

/// <summary>What a request of Envoy's takes, descriptor by descriptor: of each policy that is for it, under the values that tell callers apart.</summary>
/// <remarks>
/// A descriptor that brings a limit of its own is counted by that, with the algorithm of the policy's first limit, under a key of its own. A limit of
/// nothing refuses whatever costs something. Descriptors that lead to the same key take from it together.
/// </remarks>
internal sealed class DescriptorTakes
{
    private readonly List<PolicyTake>[] _ofDescriptors;

    private DescriptorTakes(int descriptors) => _ofDescriptors = new List<PolicyTake>[descriptors];

    /// <summary>What is counted.</summary>
    public PolicyTakes Asked { get; } = new();

    /// <summary>What limits of nothing refuse.</summary>
    public PolicyTakes Blocked { get; } = new();

    /// <summary>What each descriptor takes; empty where no policy is for it.</summary>
    public IReadOnlyList<IReadOnlyList<PolicyTake>> OfDescriptors => _ofDescriptors;

    /// <summary>Reads a request.</summary>
    /// <exception cref="Grpc.Core.RpcException">What it asks for cannot be counted.</exception>
    public static DescriptorTakes Of(PolicySet policies, RateLimitRequest request)
    {
        RequestChecks.Check(request);
        var takes = new DescriptorTakes(request.Descriptors.Count);
        var candidates = policies.OfDomain(request.Domain);
        for (var i = 0; i < request.Descriptors.Count; i++)
        {
            var all = takes._ofDescriptors[i] = [];
            foreach (var policy in candidates)
            {
                if (IsFor(policy.Descriptor!, request.Descriptors[i].Entries))
                    all.Add(takes.Add(policy, request, i));
            }
        }

        return takes;
    }

    private static bool IsFor(DescriptorFilter filter, RepeatedField<Entry> entries)
    {
        if (entries.Count != filter.Entries.Count)
            return false;
        for (var i = 0; i < entries.Count; i++)
        {
            var (key, value) = (filter.Entries[i].Key, filter.Entries[i].Value);
            if (entries[i].Key != key || (value is not null && entries[i].Value != value))
                return false;
        }

        return true;
    }

    private PolicyTake Add(Policy policy, RateLimitRequest request, int index)
    {
        var descriptor = request.Descriptors[index];
        var cost = descriptor.HitsAddend is { } own ? (long)own.Value : request.HitsAddend > 0 ? request.HitsAddend : policy.Cost;
        var key = KeyReader.Of(policy, Telling(policy.Descriptor!, descriptor), hasOwnLimits: descriptor.Limit is not null);
        var take = descriptor.Limit switch
        {
            null => Asked.Add(policy, key, cost),
            { RequestsPerUnit: 0 } when cost > 0 => Blocked.Add(policy, key, cost, []),
            { RequestsPerUnit: 0 } => Asked.Add(policy, key, cost),
            var brought => Asked.Add(policy, key, cost, [Own(policy, brought, index)]),
        };
        RequestChecks.CheckCost(take.Cost, index);
        return take;
    }

    private static string[] Telling(DescriptorFilter filter, RateLimitDescriptor descriptor)
    {
        if (filter.Telling.Count == 0)
            return [];
        var values = new string[filter.Telling.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = descriptor.Entries[filter.Telling[i]].Value;
        return values;
    }

    private static Limit Own(Policy policy, Override brought, int index)
    {
        if (LimitUnits.PeriodOf(brought.Unit) is not { } period)
            throw RequestChecks.Invalid($"descriptors[{index}].limit.unit must be SECOND, MINUTE, HOUR, DAY, MONTH or YEAR.");
        return Limit.TryCreate(policy.Limits[0].Algorithm, brought.RequestsPerUnit, period, null, out var limit, out var error)
            ? limit
            : throw RequestChecks.Invalid($"descriptors[{index}].limit cannot be counted as the policy '{policy.Name}' counts: {error}");
    }
}
