using Groundwork.Ports.Caching;
using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Limiting;

namespace Groundwork.Redis.Limits;

/// <summary>
/// Limits on a Redis: by our own cache's command where the server has it, by a script elsewhere; a round trip either way.
/// </summary>
/// <remarks>
/// <para>Which it is, is found by the first call: what a server does not know it has not done.</para>
/// <para>In a cluster limits that are asked at once would have to lie in one slot, which they do not: there each is looked at first, and then taken from
/// one after the other, so that who is refused by a later one, because somebody else was faster, has paid the earlier.</para>
/// <para>Thread-safe.</para>
/// </remarks>
internal sealed class RedisLimits(RedisConnection connection) : ILimitStore
{
    private readonly SpaceKeys _keys = new(LimitStoreLimits.SpaceName);
    private readonly LimitFlights _flights = new(connection);
    private volatile bool _hasCommand = true;

    /// <inheritdoc/>
    public ValueTask<bool> TakeAsync(ReadOnlyMemory<LimitTake> takes, Memory<LimitDecision> decisions, CancellationToken cancellationToken = default) =>
        DecideAsync(LimitStep.Take, takes, decisions, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> PeekAsync(ReadOnlyMemory<LimitTake> takes, Memory<LimitDecision> decisions, CancellationToken cancellationToken = default) =>
        DecideAsync(LimitStep.Peek, takes, decisions, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> ExitAsync(LimitTake take, CancellationToken cancellationToken = default)
    {
        LimitStoreLimits.Check(take);
        return AskAsync(LimitStep.Exit, new[] { take }, default, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask ResetAsync(LimitTake take, CancellationToken cancellationToken = default)
    {
        LimitStoreLimits.Check(take);
        await AskAsync(LimitStep.Reset, new[] { take }, default, cancellationToken);
    }

    private ValueTask<bool> DecideAsync(LimitStep step, ReadOnlyMemory<LimitTake> takes, Memory<LimitDecision> decisions, CancellationToken cancellationToken)
    {
        LimitStoreLimits.Check(takes.Span, decisions.Length);
        foreach (ref readonly var take in takes.Span)
            ArgumentOutOfRangeException.ThrowIfNegative(take.Cost, nameof(takes));
        return takes.Length > 1 && connection.IsCluster
            ? OneByOneAsync(step, takes, decisions, cancellationToken)
            : AskAsync(step, takes, decisions, cancellationToken);
    }

    private async ValueTask<bool> OneByOneAsync(LimitStep step, ReadOnlyMemory<LimitTake> takes, Memory<LimitDecision> decisions, CancellationToken cancellationToken)
    {
        var all = await EachAsync(LimitStep.Peek, takes);
        if (all && step == LimitStep.Take)
            all = await EachAsync(LimitStep.Take, takes);
        for (var i = 0; i < takes.Length && !all; i++)
        {
            if (decisions.Span[i].IsAllowed)
                await AskAsync(LimitStep.Peek, new[] { takes.Span[i] with { Cost = 0 } }, decisions.Slice(i, 1), cancellationToken);
        }

        return all;

        async ValueTask<bool> EachAsync(LimitStep each, ReadOnlyMemory<LimitTake> of)
        {
            var allowed = true;
            for (var i = 0; i < of.Length; i++)
                allowed &= await AskAsync(each, of.Slice(i, 1), decisions.Slice(i, 1), cancellationToken);
            return allowed;
        }
    }

    private async ValueTask<bool> AskAsync(LimitStep step, ReadOnlyMemory<LimitTake> takes, Memory<LimitDecision> decisions, CancellationToken cancellationToken)
    {
        if (_hasCommand)
        {
            try
            {
                return await LimitCommand.AskAsync(connection, step, takes, decisions, cancellationToken);
            }
            catch (CacheException e) when (e.InnerException is { } inner && RedisFailures.IsUnknownCommand(inner))
            {
                _hasCommand = false;
            }
        }

        var request = new LimitRequest(_keys, step, takes.Span, decisions);
        _flights.Send(request);
        try
        {
            return await connection.WithinTimeoutAsync(request.Answer, cancellationToken);
        }
        catch when (!request.Leave())
        {
            // It came all the same, just now.
            return await request.Answer;
        }
    }
}
