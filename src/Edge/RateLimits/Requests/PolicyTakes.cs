using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Limiting;
using Groundwork.RateLimits.Policies;

namespace Groundwork.RateLimits.Requests;

/// <summary>What one caller takes at once, policy by policy: those that refuse together, all or none; shadows apart. Not for concurrent use.</summary>
internal sealed class PolicyTakes
{
    private readonly List<PolicyTake> _enforced = [];
    private readonly List<PolicyTake> _shadows = [];
    private List<LimitTake>? _held;

    /// <summary>Those that can refuse.</summary>
    public ReadOnlySpan<PolicyTake> Enforced => CollectionsMarshal.AsSpan(_enforced);

    /// <summary>Those that only count.</summary>
    public ReadOnlySpan<PolicyTake> Shadows => CollectionsMarshal.AsSpan(_shadows);

    /// <summary>What was taken of concurrency limits, and is to be given back.</summary>
    public ReadOnlySpan<LimitTake> Held => CollectionsMarshal.AsSpan(_held);

    /// <summary>When the same could be allowed, in microseconds, of those that refused; where that is never, when all is back.</summary>
    public long RetryAfter
    {
        get
        {
            var wait = 0L;
            foreach (var take in _enforced)
            {
                if (take.Result != TakeResult.Refused)
                    continue;
                foreach (ref readonly var decision in take.Decisions.Span)
                {
                    if (!decision.IsAllowed)
                        wait = Math.Max(wait, decision.RetryAfter == LimitDecision.Never ? decision.ResetAfter : decision.RetryAfter);
                }
            }

            return wait;
        }
    }

    /// <summary>How long who was allowed waits before it goes on, in microseconds.</summary>
    public long Delay
    {
        get
        {
            var delay = 0L;
            foreach (var take in _enforced)
            {
                if (take.Result != TakeResult.Allowed)
                    continue;
                foreach (ref readonly var decision in take.Decisions.Span)
                    delay = Math.Max(delay, decision.Delay);
            }

            return delay;
        }
    }

    /// <summary>Adds a policy's limits for a key; to what is taken of them already for that key, where that was added before.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="key">Who is counted.</param>
    /// <param name="cost">How much it costs.</param>
    /// <param name="limits">What stands in for the policy's limits; with another key than theirs, since a store knows states by key and limit.</param>
    public PolicyTake Add(Policy policy, byte[] key, long cost, IReadOnlyList<Limit>? limits = null)
    {
        var (all, from) = (policy.IsShadow ? _shadows : _enforced, limits ?? policy.Limits);
        foreach (var known in all)
        {
            if (known.Policy == policy && known.Key.AsSpan().SequenceEqual(key) && known.Limits.SequenceEqual(from))
            {
                known.Cost += cost;
                return known;
            }
        }

        var take = new PolicyTake(policy, key, cost, from);
        all.Add(take);
        return take;
    }

    /// <summary>Lays out the takes of <paramref name="policies"/> side by side.</summary>
    public static (LimitTake[] Takes, LimitDecision[] Decisions) Lay(params ReadOnlySpan<PolicyTake> policies)
    {
        var count = 0;
        foreach (var policy in policies)
            count += policy.Limits.Count;
        var (takes, decisions, at) = (new LimitTake[count], new LimitDecision[count], 0);
        foreach (var policy in policies)
        {
            var length = policy.Limits.Count;
            policy.Lay(takes.AsMemory(at, length), decisions.AsMemory(at, length), HolderOf(policy));
            at += length;
        }

        return (takes, decisions);
    }

    /// <summary>Notes what of these is to be given back.</summary>
    public void Hold(ReadOnlySpan<LimitTake> taken)
    {
        foreach (ref readonly var take in taken)
        {
            if (take.Limit.Algorithm == LimitAlgorithm.Concurrency)
                (_held ??= []).Add(take);
        }
    }

    private static ulong HolderOf(PolicyTake policy)
    {
        foreach (var limit in policy.Limits)
        {
            if (limit.Algorithm == LimitAlgorithm.Concurrency)
                return BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        }

        return 0;
    }
}
