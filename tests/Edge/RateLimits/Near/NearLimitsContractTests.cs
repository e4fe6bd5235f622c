using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Limiting;
using Groundwork.RateLimits.Near;
using Groundwork.Testing.Caching;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.RateLimits.Tests.Near;

/// <summary>What stands before a store keeps the port's contract.</summary>
public sealed class NearLimitsContractTests : LimitStoreContract
{
    protected override ILimitStore CreateStore()
    {
        var time = new FakeTimeProvider();
        return new NearLimits(new MemoryLimits(time), time);
    }
}

/// <summary>It does so too where a copy takes ahead.</summary>
public sealed class LeasedLimitsContractTests : LimitStoreContract
{
    protected override ILimitStore CreateStore()
    {
        var time = new FakeTimeProvider();
        return new InBatches(new NearLimits(new MemoryLimits(time), time));
    }

    private sealed class InBatches(ILimitStore store) : ILimitStore
    {
        public ValueTask<bool> TakeAsync(ReadOnlyMemory<LimitTake> takes, Memory<LimitDecision> decisions, CancellationToken cancellationToken = default) =>
            store.TakeAsync(takes.ToArray().Select(t => t with { Batch = 5 }).ToArray(), decisions, cancellationToken);

        public ValueTask<bool> PeekAsync(ReadOnlyMemory<LimitTake> takes, Memory<LimitDecision> decisions, CancellationToken cancellationToken = default) =>
            store.PeekAsync(takes, decisions, cancellationToken);

        public ValueTask<bool> ExitAsync(LimitTake take, CancellationToken cancellationToken = default) => store.ExitAsync(take, cancellationToken);

        public ValueTask ResetAsync(LimitTake take, CancellationToken cancellationToken = default) => store.ResetAsync(take, cancellationToken);
    }
}
