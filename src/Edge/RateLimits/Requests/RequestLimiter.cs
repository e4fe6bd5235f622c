using System.Security.Cryptography;
using Groundwork.Platform.Access;
using Groundwork.Platform.Http;
using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Limiting;
using Groundwork.RateLimits.Policies;
using Microsoft.AspNetCore.Http;

namespace Groundwork.RateLimits.Requests;

/// <summary>
/// Limits requests by the policies of their endpoints: those that refuse together, all or none; shadows apart.
/// </summary>
/// <remarks>
/// Of an endpoint under more than <see cref="LimitStoreLimits.MaxTakes"/> limits some are asked after the others: who is refused by the later ones has
/// paid the earlier. Safe for concurrent use.
/// </remarks>
internal sealed class RequestLimiter(PolicyBook book, LimitCounter counter, TimeProvider time) : IRequestLimiter
{
    private static readonly TimeSpan WhileDown = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public bool Limits(Endpoint endpoint) => book.Set.Of(endpoint).Length > 0;

    /// <inheritdoc/>
    public ValueTask<RequestVerdict> AskAsync(LimitedRequest request, CancellationToken cancellationToken)
    {
        var policies = book.Set.Of(request.Endpoint);
        return policies.Length == 0 ? new(RequestVerdict.Allowed) : LimitAsync(policies, request, cancellationToken);
    }

    private async ValueTask<RequestVerdict> LimitAsync(Policy[] policies, LimitedRequest request, CancellationToken cancellationToken)
    {
        var (enforced, shadows) = (new Asked(), new Asked());
        var ownCost = request.Endpoint.Metadata.GetMetadata<RequestLimit>()?.Cost;
        foreach (var policy in policies)
        {
            var cost = ownCost ?? policy.Cost;
            if (cost > 0 && policy.Routes.Has(request.Context.Request.Method)
                && !policy.Exempt.Has(request.Address, request.Context.GetPrincipal()?.Id))
            {
                (policy.IsShadow ? shadows : enforced).Add(policy, KeyReader.Read(policy, request), cost);
            }
        }

        // Shadows count who would be refused; what they say stays here.
        foreach (var shadow in shadows.ByPolicy())
            await CountAsync(shadow, request.Context, cancellationToken);
        return enforced.Takes.Count == 0 ? RequestVerdict.Allowed : await EnforceAsync(enforced, request.Context, cancellationToken);
    }

    private async ValueTask CountAsync(Asked shadow, HttpContext context, CancellationToken cancellationToken)
    {
        var takes = shadow.Takes.ToArray();
        var allowed = await counter.TakeAsync(takes, new LimitDecision[takes.Length], cancellationToken);
        var counts = shadow.Names[0].Policy.Counts;
        if (allowed is null)
            counts.Miss();
        else if (allowed.Value)
            counts.Allow();
        else
            counts.Shadow();
        if (allowed == true)
            ExitAfter(context, takes);
    }

    private async ValueTask<RequestVerdict> EnforceAsync(Asked asked, HttpContext context, CancellationToken cancellationToken)
    {
        var takes = asked.Takes.ToArray();
        var decisions = new LimitDecision[takes.Length];
        for (var at = 0; at < takes.Length; at += LimitStoreLimits.MaxTakes)
        {
            var count = Math.Min(LimitStoreLimits.MaxTakes, takes.Length - at);
            var allowed = await counter.TakeAsync(takes.AsMemory(at, count), decisions.AsMemory(at, count), cancellationToken);
            if (allowed is null)
                return Uncounted(asked);
            if (allowed == true)
                ExitAfter(context, takes.AsSpan(at, count));
            else
                return Refused(asked.Names.GetRange(at, count), decisions.AsSpan(at, count));
        }

        foreach (var policy in asked.Policies)
            policy.Counts.Allow();
        if (decisions.Max(d => d.Delay) is > 0 and var delay)
            await Task.Delay(TimeSpan.FromMicroseconds(delay), time, cancellationToken);
        return RequestVerdict.Allowed with { Headers = LimitHeaders.Of(asked.Names, decisions) };
    }

    private static RequestVerdict Refused(List<(Policy Policy, int Index)> names, ReadOnlySpan<LimitDecision> decisions)
    {
        var wait = 0L;
        Policy? last = null;
        for (var i = 0; i < decisions.Length; i++)
        {
            if (decisions[i].IsAllowed)
                continue;
            wait = Math.Max(wait, decisions[i].RetryAfter == LimitDecision.Never ? decisions[i].ResetAfter : decisions[i].RetryAfter);
            if (names[i].Policy != last)
                (last = names[i].Policy).Counts.Refuse();
        }

        return RequestVerdict.Refused(TimeSpan.FromMicroseconds(wait), LimitHeaders.Of(names, decisions));
    }

    private static RequestVerdict Uncounted(Asked asked)
    {
        var refuse = false;
        foreach (var policy in asked.Policies)
        {
            policy.Counts.Miss();
            refuse |= policy.WhenStoreIsDown == StoreDown.Refuse;
        }

        return refuse ? RequestVerdict.Uncounted(WhileDown) : RequestVerdict.Allowed;
    }

    // What is held while a request is at work is given back when it has been answered.
    private void ExitAfter(HttpContext context, ReadOnlySpan<LimitTake> takes)
    {
        foreach (ref readonly var take in takes)
        {
            if (take.Limit.Algorithm == LimitAlgorithm.Concurrency)
                context.Response.RegisterForDisposeAsync(new Held(counter, take));
        }
    }

    private sealed class Held(LimitCounter counter, LimitTake take) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await counter.ExitAsync(take, CancellationToken.None);
    }

    // The limits that a request is under, policy by policy.
    private sealed class Asked
    {
        public List<LimitTake> Takes { get; } = [];

        public List<(Policy Policy, int Index)> Names { get; } = [];

        public List<Policy> Policies { get; } = [];

        public void Add(Policy policy, byte[] key, long cost)
        {
            Policies.Add(policy);
            for (var i = 0; i < policy.Limits.Count; i++)
            {
                var limit = policy.Limits[i];
                Takes.Add(new LimitTake(key, limit, cost, limit.Algorithm == LimitAlgorithm.Concurrency ? NewHolder() : 0));
                Names.Add((policy, i));
            }
        }

        public IEnumerable<Asked> ByPolicy()
        {
            for (int at = 0, i = 0; i < Policies.Count; at += Policies[i++].Limits.Count)
            {
                var one = new Asked();
                one.Policies.Add(Policies[i]);
                one.Takes.AddRange(Takes.GetRange(at, Policies[i].Limits.Count));
                one.Names.AddRange(Names.GetRange(at, Policies[i].Limits.Count));
                yield return one;
            }
        }

        private static ulong NewHolder() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
    }
}
