using Groundwork.Platform.Http;
using Groundwork.Ports.Limiting;
using Groundwork.RateLimits.Policies;

namespace Groundwork.RateLimits.Requests;

/// <summary>
/// Takes from the limits of policies, all or none, and counts what became of each: for this server's requests, for takes by HTTP, and for Envoy.
/// </summary>
/// <remarks>
/// Of more than <see cref="LimitStoreLimits.MaxTakes"/> limits some policies are asked after the others: who is refused by the later ones has paid the
/// earlier. The limits of one policy are always asked together. Safe for concurrent use.
/// </remarks>
internal sealed class PolicyTaker(LimitCounter counter)
{
    /// <summary>Takes, and says whether the caller goes on; each <see cref="PolicyTake.Result"/> says why.</summary>
    /// <returns><see cref="RequestVerdictKind.Uncounted"/> where nobody could count, and a policy refuses then.</returns>
    public async ValueTask<RequestVerdictKind> TakeAsync(PolicyTakes asked, CancellationToken cancellationToken)
    {
        // Shadows count who would be refused; what they say stays with them.
        for (var i = 0; i < asked.Shadows.Length; i++)
            await CountAsync(asked, asked.Shadows[i], cancellationToken);
        return asked.Enforced.IsEmpty ? RequestVerdictKind.Allowed : await EnforceAsync(asked, cancellationToken);
    }

    /// <summary>What a take would say; nothing is taken, and nothing counted. Null where nobody can count.</summary>
    public ValueTask<bool?> PeekAsync(PolicyTake take, CancellationToken cancellationToken)
    {
        var (takes, decisions) = PolicyTakes.Lay(take);
        return counter.PeekAsync(takes, decisions, cancellationToken);
    }

    /// <summary>Refuses without asking, as limits of nothing would: counts all of it as refused, or as what shadows would have refused.</summary>
    public static RequestVerdictKind Refuse(PolicyTakes asked)
    {
        foreach (var shadow in asked.Shadows)
            Count(shadow, TakeResult.Shadowed);
        foreach (var take in asked.Enforced)
            Count(take, TakeResult.Refused);
        return asked.Enforced.IsEmpty ? RequestVerdictKind.Allowed : RequestVerdictKind.Refused;
    }

    private async ValueTask CountAsync(PolicyTakes asked, PolicyTake shadow, CancellationToken cancellationToken)
    {
        var (takes, decisions) = PolicyTakes.Lay(shadow);
        var allowed = await counter.TakeAsync(takes, decisions, cancellationToken);
        if (allowed == true)
            asked.Hold(takes);
        Count(shadow, allowed switch { null => TakeResult.Uncounted, true => TakeResult.Allowed, false => TakeResult.Shadowed });
    }

    private async ValueTask<RequestVerdictKind> EnforceAsync(PolicyTakes asked, CancellationToken cancellationToken)
    {
        var (takes, decisions) = PolicyTakes.Lay(asked.Enforced);
        for (int first = 0, at = 0; first < asked.Enforced.Length;)
        {
            var (policies, limits) = Together(asked.Enforced[first..]);
            var allowed = await counter.TakeAsync(takes.AsMemory(at, limits), decisions.AsMemory(at, limits), cancellationToken);
            if (allowed is null)
                return Miss(asked.Enforced);
            if (!allowed.Value)
                return Refuse(asked.Enforced.Slice(first, policies));
            asked.Hold(takes.AsSpan(at, limits));
            (first, at) = (first + policies, at + limits);
        }

        foreach (var take in asked.Enforced)
            Count(take, TakeResult.Allowed);
        return RequestVerdictKind.Allowed;
    }

    // As many whole policies, from the first, as a store is asked for at once.
    private static (int Policies, int Limits) Together(ReadOnlySpan<PolicyTake> takes)
    {
        var (policies, limits) = (0, 0);
        while (policies < takes.Length && limits + takes[policies].Limits.Count <= LimitStoreLimits.MaxTakes)
            limits += takes[policies++].Limits.Count;
        return (policies, limits);
    }

    private static RequestVerdictKind Refuse(ReadOnlySpan<PolicyTake> takes)
    {
        foreach (var take in takes)
            Count(take, Refuses(take) ? TakeResult.Refused : TakeResult.Spared);
        return RequestVerdictKind.Refused;
    }

    private static bool Refuses(PolicyTake take)
    {
        foreach (ref readonly var decision in take.Decisions.Span)
        {
            if (!decision.IsAllowed)
                return true;
        }

        return false;
    }

    private static RequestVerdictKind Miss(ReadOnlySpan<PolicyTake> takes)
    {
        var refuse = false;
        foreach (var take in takes)
        {
            Count(take, TakeResult.Uncounted);
            refuse |= take.Policy.WhenStoreIsDown == StoreDown.Refuse;
        }

        return refuse ? RequestVerdictKind.Uncounted : RequestVerdictKind.Allowed;
    }

    // The one place where what became of a take is counted.
    private static void Count(PolicyTake take, TakeResult result)
    {
        take.Result = result;
        var counts = take.Policy.Counts;
        switch (result)
        {
            case TakeResult.Allowed:
                counts.Allow();
                break;
            case TakeResult.Refused:
                counts.Refuse();
                break;
            case TakeResult.Shadowed:
                counts.Shadow();
                break;
            case TakeResult.Uncounted:
                counts.Miss();
                break;
            default:
                // What other policies refused took nothing here, and is none of this one's traffic.
                return;
        }

        take.Policy.Traffic?.Add(
            take.Key, take.Cost, result is TakeResult.Refused or TakeResult.Shadowed, isRecorded: ReferenceEquals(take.Limits, take.Policy.Limits));
    }
}
