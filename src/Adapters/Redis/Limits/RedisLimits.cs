using Groundwork.Ports.Caching;
using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Limiting;
using StackExchange.Redis;

namespace Groundwork.Redis.Limits;

/// <summary>
/// Limits on a Redis: by our own cache's command where the server has it, by a script elsewhere; a round trip either way.
/// </summary>
/// <remarks>
/// <para>Which it is, is found by the first call: what a server does not know it has not done. In a cluster the limits that are asked at once
/// would have to lie in one slot, which they do not: there one is asked at a time.</para>
/// <para>Thread-safe.</para>
/// </remarks>
internal sealed class RedisLimits(RedisConnection connection) : ILimitStore
{
    private const int Numbers = 5;

    private readonly SpaceKeys _keys = new(LimitStoreLimits.SpaceName);
    private volatile bool _hasCommand = true;

    /// <inheritdoc/>
    public ValueTask<bool> TakeAsync(ReadOnlyMemory<LimitTake> takes, Memory<LimitDecision> decisions, CancellationToken cancellationToken = default) =>
        AskAsync("take", takes, decisions, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> PeekAsync(ReadOnlyMemory<LimitTake> takes, Memory<LimitDecision> decisions, CancellationToken cancellationToken = default) =>
        AskAsync("peek", takes, decisions, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> ExitAsync(LimitTake take, CancellationToken cancellationToken = default)
    {
        LimitStoreLimits.Check(take);
        var answer = await CallAsync("exit", new[] { take }, cancellationToken);
        return (long)(answer.Length > 0 ? answer[0] : answer) == 1;
    }

    /// <inheritdoc/>
    public async ValueTask ResetAsync(LimitTake take, CancellationToken cancellationToken = default)
    {
        LimitStoreLimits.Check(take);
        await CallAsync("reset", new[] { take }, cancellationToken);
    }

    private async ValueTask<bool> AskAsync(
        string what, ReadOnlyMemory<LimitTake> takes, Memory<LimitDecision> decisions, CancellationToken cancellationToken)
    {
        LimitStoreLimits.Check(takes.Span, decisions.Length);
        foreach (ref readonly var take in takes.Span)
            ArgumentOutOfRangeException.ThrowIfNegative(take.Cost, nameof(takes));
        var answer = await CallAsync(what, takes, cancellationToken);
        Read(answer, takes.Length, decisions.Span);
        return (long)answer[0] == 1;
    }

    // The command answers with a list for each limit, the script with numbers one after the other.
    private static void Read(RedisResult answer, int count, Span<LimitDecision> decisions)
    {
        for (var i = 0; i < count; i++)
        {
            var isNested = answer.Length == count + 1 && answer[1].Length == Numbers;
            decisions[i] = isNested ? Of(answer[i + 1], 0) : Of(answer, 1 + (i * Numbers));
        }

        static LimitDecision Of(RedisResult numbers, int at) => new(
            (long)numbers[at] == 1, (long)numbers[at + 1], (long)numbers[at + 2], (long)numbers[at + 3], (long)numbers[at + 4]);
    }

    private async ValueTask<RedisResult> CallAsync(string what, ReadOnlyMemory<LimitTake> takes, CancellationToken cancellationToken)
    {
        var bytes = 0L;
        foreach (ref readonly var take in takes.Span)
            bytes += take.Key.Length;
        if (_hasCommand)
        {
            try
            {
                return await connection.CallAsync(static (database, call) => SendCommandAsync(database, call.what, call.takes), (what, takes), bytes, cancellationToken);
            }
            catch (CacheException e) when (e.InnerException is { } inner && RedisFailures.IsUnknownCommand(inner))
            {
                _hasCommand = false;
            }
        }

        return await connection.CallAsync(
            static (database, call) => call.self.SendScriptAsync(database, call.what, call.takes.Span), (self: this, what, takes), bytes, cancellationToken);
    }

    private static Task<RedisResult> SendCommandAsync(IDatabase database, string what, ReadOnlyMemory<LimitTake> takes)
    {
        var words = new List<object>(1 + (takes.Length * 6)) { what };
        foreach (ref readonly var take in takes.Span)
        {
            var limit = take.Limit;
            words.Add((RedisKey)take.Key.ToArray());
            words.Add(LimitAlgorithmNames.Of(limit.Algorithm));
            words.Add(limit.Permits);
            words.Add(limit.Period);
            words.Add(limit.Burst);
            words.Add(limit.Algorithm == LimitAlgorithm.Concurrency ? $"{take.Cost}:{take.Holder}" : take.Cost);
            if (what == "exit")
                words.Add(take.Holder.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        return database.ExecuteAsync("LIMIT", words);
    }

    private Task<RedisResult> SendScriptAsync(IDatabase database, string what, ReadOnlySpan<LimitTake> takes)
    {
        var keys = new RedisKey[takes.Length];
        Span<byte> name = stackalloc byte[LimitStoreLimits.MaxKeyBytes + sizeof(ulong)];
        for (var i = 0; i < takes.Length; i++)
        {
            takes[i].WriteName(name);
            keys[i] = _keys.Value(name[..takes[i].NameLength]);
        }

        return RedisScripts.EvaluateAsync(database, LimitScript.Text, keys, LimitScript.Arguments(what, takes));
    }
}
