using System.Threading.RateLimiting;

namespace Groundwork.RateLimits.Limiters;

/// <summary>Permits that are spent: there is nothing to give back, so one serves all.</summary>
internal sealed class SpentLease : RateLimitLease
{
    public static readonly SpentLease Instance = new();

    private static readonly string[] Names = [MetadataName.RetryAfter.Name];

    private SpentLease()
    {
    }

    public override bool IsAcquired => true;

    public override IEnumerable<string> MetadataNames => Names;

    public override bool TryGetMetadata(string metadataName, out object? metadata)
    {
        metadata = null;
        return false;
    }
}

/// <summary>Permits that are held until the lease is disposed.</summary>
internal sealed class HeldLease(GateLimiter<HeldGate>? limiter, int cost) : RateLimitLease
{
    private GateLimiter<HeldGate>? _limiter = limiter;

    public override bool IsAcquired => true;

    public override IEnumerable<string> MetadataNames => RefusedLease.ReasonNames;

    public override bool TryGetMetadata(string metadataName, out object? metadata)
    {
        metadata = null;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        Interlocked.Exchange(ref _limiter, null)?.Return(cost);
        base.Dispose(disposing);
    }
}

/// <summary>No permits: after which wait to try again, where that is known, and else why.</summary>
internal sealed class RefusedLease(TimeSpan? retryAfter) : RateLimitLease
{
    /// <summary>The names of the metadata of leases that tell no wait.</summary>
    public static readonly string[] ReasonNames = [MetadataName.ReasonPhrase.Name];

    private static readonly string[] WaitNames = [MetadataName.RetryAfter.Name];

    public override bool IsAcquired => false;

    public override IEnumerable<string> MetadataNames => retryAfter is null ? ReasonNames : WaitNames;

    public override bool TryGetMetadata(string metadataName, out object? metadata)
    {
        metadata = retryAfter is { } wait
            ? metadataName == MetadataName.RetryAfter.Name ? wait : null
            : metadataName == MetadataName.ReasonPhrase.Name ? "Queue limit reached" : null;
        return metadata is not null;
    }
}
