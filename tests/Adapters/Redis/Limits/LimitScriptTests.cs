using System.Buffers;
using CsCheck;
using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Limiting;
using Groundwork.Redis.Limits;
using StackExchange.Redis;

namespace Groundwork.Redis.Tests.Limits;

/// <summary>The script says what the algorithms say, number by number, whatever the clock does.</summary>
public sealed class LimitScriptTests(SharedRedis shared)
{
    private const long Start = 1_790_000_000_000_000;

    // The script with a clock of ours.
    private const string Controlled = "local time = {0, ARGV[2]}";

    private static readonly Gen<Limit> Limits =
        from algorithm in Gen.Int[1, 7].Select(i => (LimitAlgorithm)i)
        from permits in Gen.OneOf(Gen.Long[1, 5], Gen.Long[1, 300])
        from period in Gen.OneOf(Gen.Long[1000, 100_000], Gen.Long[1, 7200].Select(s => s * 1_000_000), Gen.Long[1_000_000, 5_000_000])
        from burst in Gen.Long[1, 20]
        select Make(algorithm, permits, period, burst);

    private static readonly Gen<(long Step, long Cost, ulong Holder, int What)[]> Histories =
        Gen.Select(Gen.Frequency((10, Gen.Long[0, 300]), (6, Gen.Long[0, 1100]), (1, Gen.Long[-700, 0])), Gen.Frequency((8, Gen.Long[0, 3]), (1, Gen.Long[0, 400])), Gen.ULong[1, 4], Gen.Int[0, 9])
            .Array[1, 40];

    [Fact]
    public async Task Every_decision_is_the_algorithms_own()
    {
        var redis = await shared.GetAsync(TestContext.Current.CancellationToken);
        await using var multiplexer = await ConnectionMultiplexer.ConnectAsync(redis.Connection);
        var database = multiplexer.GetDatabase();
        var script = LimitScript.Text.Replace(LimitScript.Clock, Controlled, StringComparison.Ordinal);
        Assert.Contains(Controlled, script, StringComparison.Ordinal);
        Gen.Select(Limits, Histories).Sample(
            (limit, history) =>
            {
                var (key, now) = (Guid.NewGuid().ToByteArray(), Start);
                var (state, length) = (new byte[LimitState.MaxLength(limit)], 0);
                foreach (var (step, cost, holder, what) in history)
                {
                    // Steps are thousandths of a period, so that something comes back, and not all.
                    now += step * limit.Period / 1000;
                    var take = new LimitTake(key, limit, cost, holder);
                    var does = what switch { 0 => LimitStep.Peek, 1 when limit.Algorithm == LimitAlgorithm.Concurrency => LimitStep.Exit, _ => LimitStep.Take };
                    var arguments = new ArrayBufferWriter<byte>();
                    LimitScript.Write(arguments, does, [take]);
                    var answer = (byte[])database.ScriptEvaluate(script, [key], [arguments.WrittenMemory, now])!;
                    var decision = new LimitDecision[does == LimitStep.Exit ? 0 : 1];
                    Assert.Equal(LimitScript.AnswerBytes(decision.Length), answer.Length);
                    var allowed = LimitScript.Read(answer, decision);
                    if (does == LimitStep.Exit)
                    {
                        Assert.Equal(LimitState.Exit(limit, state, ref length, holder), allowed);
                        continue;
                    }

                    var wasSeen = length > 0;
                    var expected = does == LimitStep.Peek ? LimitState.Peek(limit, state.AsSpan(0, length), now, cost)
                        : limit.Algorithm == LimitAlgorithm.Concurrency ? LimitState.Enter(limit, state, ref length, holder, now, cost)
                        : LimitState.Take(limit, state, ref length, now, cost);
                    if (!expected.IsAllowed && !wasSeen)
                        length = 0; // of whom there is nothing to know, stores keep nothing
                    Assert.Equal(expected, decision[0]);
                    Assert.Equal(expected.IsAllowed, allowed);
                }
            },
            iter: 1000,
            threads: 1);
    }

    private static Limit Make(LimitAlgorithm algorithm, long permits, long period, long burst) =>
        Limit.TryCreate(
            algorithm, permits, TimeSpan.FromMicroseconds(period),
            algorithm is LimitAlgorithm.TokenBucket or LimitAlgorithm.LeakyBucket or LimitAlgorithm.Gcra ? burst : null, out var limit, out var error)
            ? limit
            : throw new InvalidOperationException(error);
}
