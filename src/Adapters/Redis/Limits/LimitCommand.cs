using System.Globalization;
using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Limiting;
using StackExchange.Redis;

namespace Groundwork.Redis.Limits;

/// <summary><c>LIMIT</c>, the command of our own cache.</summary>
internal static class LimitCommand
{
    /// <summary>Asks by it.</summary>
    /// <returns>Whether all allowed it.</returns>
    public static async ValueTask<bool> AskAsync(
        RedisConnection connection, LimitStep step, ReadOnlyMemory<LimitTake> takes, Memory<LimitDecision> decisions, CancellationToken cancellationToken)
    {
        var bytes = 0L;
        foreach (ref readonly var take in takes.Span)
            bytes += take.Key.Length;
        var answer = await connection.CallAsync(
            static (database, call) => database.ExecuteAsync("LIMIT", Words(call.step, call.takes.Span)), (step, takes), bytes, cancellationToken);
        if (step is LimitStep.Exit or LimitStep.Reset)
            return answer.Resp2Type == ResultType.Integer && (long)answer == 1;
        for (var i = 0; i < takes.Length; i++)
            decisions.Span[i] = Decision(answer[i + 1]);
        return (long)answer[0] == 1;
    }

    private static List<object> Words(LimitStep step, ReadOnlySpan<LimitTake> takes)
    {
        var words = new List<object>(2 + (takes.Length * 6)) { step.ToString().ToUpperInvariant() };
        foreach (ref readonly var take in takes)
        {
            var limit = take.Limit;
            words.Add((RedisKey)take.Key.ToArray());
            words.Add(LimitAlgorithmNames.Of(limit.Algorithm));
            words.Add(limit.Permits);
            words.Add(limit.Period);
            words.Add(limit.Burst);
            words.Add(limit.Algorithm == LimitAlgorithm.Concurrency ? $"{take.Cost}:{take.Holder}" : take.Cost);
            if (step == LimitStep.Exit)
                words.Add(take.Holder.ToString(CultureInfo.InvariantCulture));
        }

        return words;
    }

    private static LimitDecision Decision(RedisResult numbers) =>
        new((long)numbers[0] == 1, (long)numbers[1], (long)numbers[2], (long)numbers[3], (long)numbers[4]);
}
