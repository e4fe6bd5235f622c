using System.Text;
using Groundwork.Cache.Limits;
using Groundwork.Cache.Resp;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Limiting;

namespace Groundwork.Cache.Commands.Limits;

/// <summary>
/// LIMIT TAKE key algorithm permits period burst cost [key algorithm …]: whether all allowed it, and of each whether it does, what remains, and
/// in how many microseconds the same take is allowed, the limit is as if never used, and who was allowed may go on. LIMIT PEEK says the same and
/// takes nothing; LIMIT RESET forgets; LIMIT EXIT … holder gives back.
/// </summary>
/// <remarks>
/// Times are microseconds. A cost of a concurrency limit is written <c>permits:holder</c>. They count in the space of limits, where nobody is
/// evicted, whatever database the client has chosen.
/// </remarks>
internal static class LimitCalls
{
    // A key and what it is limited by.
    private const int Words = 6;
    private const int First = 2;

    public static void Take(Call call) => Ask(call, static (keeper, takes, decisions) => keeper.Take(takes, decisions));

    public static void Peek(Call call) => Ask(call, static (keeper, takes, decisions) => keeper.Peek(takes, decisions));

    public static void Exit(Call call)
    {
        if (TryRead(call, First, out var take) && TryKeeper(call, out var keeper))
        {
            if (!ulong.TryParse(call[First + Words], out var holder))
                call.Reply.Error("ERR a holder is a number"u8);
            else if (take.Limit.Algorithm != LimitAlgorithm.Concurrency)
                call.Reply.Error("ERR only a concurrency limit has holders"u8);
            else
                call.Reply.Integer(keeper.Exit(take with { Holder = holder }) ? 1 : 0);
        }
    }

    public static void Reset(Call call)
    {
        if (!TryRead(call, First, out var take) || !TryKeeper(call, out var keeper))
            return;
        keeper.Reset(take);
        call.Reply.Ok();
    }

    private static void Ask(Call call, Func<LimitKeeper, ReadOnlySpan<LimitTake>, Span<LimitDecision>, bool> ask)
    {
        var count = (call.Count - First) / Words;
        if ((call.Count - First) % Words != 0 || count > LimitStoreLimits.MaxTakes)
        {
            call.Reply.Error($"ERR a limit is a key, algorithm, permits, period, burst and cost; up to {LimitStoreLimits.MaxTakes} are asked at once");
            return;
        }

        var takes = new LimitTake[count];
        for (var i = 0; i < count; i++)
        {
            if (!TryRead(call, First + (i * Words), out takes[i]))
                return;
        }

        if (!TryKeeper(call, out var keeper))
            return;
        Span<LimitDecision> decisions = stackalloc LimitDecision[LimitStoreLimits.MaxTakes];
        bool all;
        try
        {
            all = ask(keeper, takes, decisions);
        }
        catch (CacheException e)
        {
            call.Reply.Error($"OOM {e.Message}");
            return;
        }

        call.Reply.ArrayHeader(1 + count);
        call.Reply.Integer(all ? 1 : 0);
        foreach (var decision in decisions[..count])
            Write(call.Reply, decision);
    }

    private static void Write(ReplyWriter reply, in LimitDecision decision)
    {
        reply.ArrayHeader(5);
        reply.Integer(decision.IsAllowed ? 1 : 0);
        reply.Integer(decision.Remaining);
        reply.Integer(decision.RetryAfter);
        reply.Integer(decision.ResetAfter);
        reply.Integer(decision.Delay);
    }

    private static bool TryKeeper(Call call, out LimitKeeper keeper)
    {
        keeper = call.Engine.Limits!;
        if (keeper is not null)
            return true;
        call.Reply.Error("ERR no limits are counted here: the module RateLimits does not run"u8);
        return false;
    }

    private static bool TryRead(Call call, int at, out LimitTake take)
    {
        take = default;
        if (call[at].Length is 0 or > LimitStoreLimits.MaxKeyBytes)
        {
            call.Reply.Error($"ERR a key is 1 to {LimitStoreLimits.MaxKeyBytes} bytes");
            return false;
        }

        Span<char> name = stackalloc char[32];
        if (call[at + 1].Length > name.Length
            || !LimitAlgorithmNames.TryParse(name[..Encoding.Latin1.GetChars(call[at + 1], name)], out var algorithm))
        {
            call.Reply.Error($"ERR an algorithm is one of {string.Join(", ", LimitAlgorithmNames.All)}");
            return false;
        }

        if (!call.TryInteger(at + 2, out var permits) || !call.TryInteger(at + 3, out var period) || !call.TryInteger(at + 4, out var burst)
            || !TryCost(call, at + 5, out var cost, out var holder))
        {
            return false;
        }

        // Longer ones are refused by the limit, with its words.
        var time = TimeSpan.FromMicroseconds(Math.Clamp(period, -1, long.MaxValue / 1000));
        if (!Limit.TryCreate(algorithm, permits, time, HasBurst(algorithm) ? burst : null, out var limit, out var error))
        {
            call.Reply.Error($"ERR {error}");
            return false;
        }

        take = new LimitTake(call[at].ToArray(), limit, cost, holder);
        return true;
    }

    private static bool HasBurst(LimitAlgorithm algorithm) =>
        algorithm is LimitAlgorithm.TokenBucket or LimitAlgorithm.LeakyBucket or LimitAlgorithm.Gcra;

    private static bool TryCost(Call call, int at, out long cost, out ulong holder)
    {
        var word = call[at];
        var colon = word.IndexOf((byte)':');
        holder = 0;
        var number = colon < 0 ? word : word[..colon];
        if (IntegerText.TryParse(number, out cost) && cost >= 0 && (colon < 0 || ulong.TryParse(word[(colon + 1)..], out holder)))
            return true;
        call.Reply.Error("ERR a cost is a number from 0, followed by :holder for a concurrency limit"u8);
        return false;
    }
}
