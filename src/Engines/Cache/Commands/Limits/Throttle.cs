using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;
using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Limiting;

namespace Groundwork.Cache.Commands.Limits;

/// <summary>
/// CL.THROTTLE key max_burst count period [quantity], as the module redis-cell has it: 0 or 1 for limited, the limit, what remains, and the seconds
/// until the same take is allowed (-1 where it is) and until all is back, both rounded up.
/// </summary>
/// <remarks>The state is the key's value, with its time to live: DEL forgets it. A value that is none counts as never seen.</remarks>
internal static class Throttle
{
    private const long Second = 1_000_000;

    public static void Run(Call call)
    {
        if (call.Count > 6)
        {
            call.Reply.SyntaxError();
            return;
        }

        var cost = 1L;
        if (!call.TryInteger(2, out var maxBurst) || !call.TryInteger(3, out var count) || !call.TryInteger(4, out var period)
            || (call.Count == 6 && !call.TryInteger(5, out cost)))
        {
            return;
        }

        // The first comes on top of the burst. Absurd numbers stay absurd, and are refused.
        var burst = maxBurst is >= 0 and < Limit.MaxPermits ? maxBurst + 1 : -1;
        var time = TimeSpan.FromSeconds(Math.Clamp(period, -1, int.MaxValue));
        if (cost < 0)
        {
            call.Reply.Error("ERR a quantity is a number from 0"u8);
            return;
        }

        if (!Limit.TryCreate(LimitAlgorithm.Gcra, count, time, burst, out var limit, out var error))
        {
            call.Reply.Error($"ERR {error}");
            return;
        }

        Take(call, limit, cost);
    }

    private static void Take(Call call, in Limit limit, long cost)
    {
        var key = call.Write(1);
        if (!call.Expect(key, ValueKind.Text))
            return;
        Span<byte> state = stackalloc byte[Gcra.Length];
        var length = key.Exists ? (int)Math.Min(Texts.Length(key.Found), int.MaxValue) : 0;
        if (length == state.Length)
            Texts.Read(key.Shard, key.Found, 0, state);
        else
            length = 0;

        // In microseconds, which the time at which the command began is not.
        var now = LimitClock.Microseconds(call.Engine.Time);
        var decision = LimitState.Take(limit, state, ref length, now, cost);
        if (cost > 0 && (decision.IsAllowed || key.Exists))
        {
            key.SetText(state, call.Now + (decision.ResetAfter / 1000) + 1);
            key.Changed();
        }

        call.Reply.ArrayHeader(5);
        call.Reply.Integer(decision.IsAllowed ? 0 : 1);
        call.Reply.Integer(limit.Burst);
        call.Reply.Integer(decision.Remaining);
        call.Reply.Integer(decision.IsAllowed ? -1 : Seconds(decision.RetryAfter));
        call.Reply.Integer(Seconds(decision.ResetAfter));
    }

    private static long Seconds(long microseconds) => microseconds < 0 ? -1 : (microseconds + Second - 1) / Second;
}
