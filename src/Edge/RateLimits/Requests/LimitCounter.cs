using Groundwork.Ports.Caching;
using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Limiting;
using Groundwork.RateLimits.Near;
using Microsoft.Extensions.Logging;

namespace Groundwork.RateLimits.Requests;

/// <summary>Asks the store, and knows whether it can be asked: the log hears once that it cannot, and once that it can again. Thread-safe.</summary>
internal sealed partial class LimitCounter(ILimitStore store, ILogger<LimitCounter> logger)
{
    private string? _failure;

    /// <summary>Why nobody can count now; null where somebody can.</summary>
    public string? Failure => Volatile.Read(ref _failure);

    /// <summary>What answers before the store, where copies share it; null elsewhere.</summary>
    public NearLimits? Near => store as NearLimits;

    /// <summary>Takes from all or none.</summary>
    /// <returns>Whether all allowed it; null where the store cannot be asked.</returns>
    public async ValueTask<bool?> TakeAsync(ReadOnlyMemory<LimitTake> takes, Memory<LimitDecision> decisions, CancellationToken cancellationToken)
    {
        try
        {
            return Heard(await store.TakeAsync(takes, decisions, cancellationToken));
        }
        catch (CacheException e)
        {
            Lost(e);
            return null;
        }
    }

    /// <summary>What a take would say; null where the store cannot be asked.</summary>
    public async ValueTask<bool?> PeekAsync(ReadOnlyMemory<LimitTake> takes, Memory<LimitDecision> decisions, CancellationToken cancellationToken)
    {
        try
        {
            return Heard(await store.PeekAsync(takes, decisions, cancellationToken));
        }
        catch (CacheException e)
        {
            Lost(e);
            return null;
        }
    }

    /// <summary>Gives back; what cannot be given back ends by itself.</summary>
    public async ValueTask<bool?> ExitAsync(LimitTake take, CancellationToken cancellationToken)
    {
        try
        {
            return Heard(await store.ExitAsync(take, cancellationToken));
        }
        catch (CacheException e)
        {
            Lost(e);
            return null;
        }
    }

    /// <summary>Forgets; false where the store cannot be asked.</summary>
    public async ValueTask<bool> ResetAsync(LimitTake take, CancellationToken cancellationToken)
    {
        try
        {
            await store.ResetAsync(take, cancellationToken);
            return Heard(true);
        }
        catch (CacheException e)
        {
            Lost(e);
            return false;
        }
    }

    private bool Heard(bool answer)
    {
        if (Volatile.Read(ref _failure) is not null && Interlocked.Exchange(ref _failure, null) is not null)
            LogBack(logger);
        return answer;
    }

    private void Lost(CacheException failure)
    {
        if (Interlocked.Exchange(ref _failure, failure.Message) is null)
            LogLost(logger, failure.Message);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Limits cannot be counted, so that each policy lets requests pass or refuses them, as it says: {Why}")]
    private static partial void LogLost(ILogger logger, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "Limits are counted again.")]
    private static partial void LogBack(ILogger logger);
}
