using Groundwork.Cache.Commands.Strings;
using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.SortedSets;

/// <summary>
/// ZADD key [NX | XX] [GT | LT] [CH] [INCR] score member [score member …], ZINCRBY key increment member.
/// </summary>
internal static class Add
{
    public static void Run(Call call)
    {
        if (!TryOptions(call, out var options))
            return;
        for (var i = options.First; i < call.Count; i += 2)
        {
            if (IncrementFloat.TryRead(call[i], out _))
                continue;
            call.Reply.NotAFloat();
            return;
        }

        RunOn(call, options);
    }

    public static void Increment(Call call)
    {
        if (IncrementFloat.TryRead(call[2], out _))
            RunOn(call, new Options { First = 2, Adds = true });
        else
            call.Reply.NotAFloat();
    }

    private static void RunOn(Call call, Options options)
    {
        var key = call.Write(1);
        if (!call.Expect(key, ValueKind.SortedSet))
            return;
        var (added, moved) = (0, 0);
        for (var i = options.First; i < call.Count; i += 2)
        {
            IncrementFloat.TryRead(call[i], out var score);
            switch (Set(ref key, options, ref score, call[i + 1]))
            {
                case Outcome.Added:
                    added++;
                    break;
                case Outcome.Moved:
                    moved++;
                    break;
                case Outcome.NotANumber:
                    call.Reply.Error("ERR resulting score is not a number (NaN)"u8);
                    return;
                case Outcome.Refused when options.Adds:
                    call.Reply.Null();
                    return;
            }

            if (options.Adds)
                call.Reply.Double(score);
        }

        if (added + moved > 0)
            key.Changed();
        if (!options.Adds)
            call.Reply.Integer(options.CountsMoves ? added + moved : added);
    }

    private static Outcome Set(ref Key key, Options options, ref double score, ReadOnlySpan<byte> member)
    {
        if (!key.SortedSet().TryGetScore(member, out var old))
        {
            if (options.IfPresent)
                return Outcome.Refused;
            key.AddMember(score, member);
            return Outcome.Added;
        }

        if (options.IfAbsent)
            return Outcome.Refused;
        if (options.Adds)
            score += old;
        if (double.IsNaN(score))
            return Outcome.NotANumber;
        if ((options.IfGreater && score <= old) || (options.IfLess && score >= old))
            return Outcome.Refused;
        if (score == old)
            return Outcome.Same;
        SortedSetValue.Move(key.Shard, ref key.Found, old, score, member);
        return Outcome.Moved;
    }

    private static bool TryOptions(Call call, out Options options)
    {
        options = new Options { First = 2 };
        while (options.First < call.Count && options.TryTake(call, options.First))
            options.First++;
        var words = call.Count - options.First;
        if (words == 0 || words % 2 != 0)
        {
            call.Reply.SyntaxError();
            return false;
        }

        ReadOnlySpan<byte> error = default;
        if (options.IfAbsent && options.IfPresent)
            error = "ERR XX and NX options at the same time are not compatible"u8;
        else if ((options.IfGreater && options.IfLess) || ((options.IfGreater || options.IfLess) && options.IfAbsent))
            error = "ERR GT, LT, and/or NX options at the same time are not compatible"u8;
        else if (options.Adds && words > 2)
            error = "ERR INCR option supports a single increment-element pair"u8;
        if (error.IsEmpty)
            return true;
        call.Reply.Error(error);
        return false;
    }

    private enum Outcome
    {
        Added,
        Moved,
        Same,
        Refused,
        NotANumber,
    }

    private struct Options
    {
        // The place of the first score.
        public int First;
        public bool IfAbsent;
        public bool IfPresent;
        public bool IfGreater;
        public bool IfLess;
        public bool CountsMoves;
        public bool Adds;

        public bool TryTake(Call call, int argument)
        {
            if (call.Is(argument, "nx"u8))
                IfAbsent = true;
            else if (call.Is(argument, "xx"u8))
                IfPresent = true;
            else if (call.Is(argument, "gt"u8))
                IfGreater = true;
            else if (call.Is(argument, "lt"u8))
                IfLess = true;
            else if (call.Is(argument, "ch"u8))
                CountsMoves = true;
            else if (call.Is(argument, "incr"u8))
                Adds = true;
            else
                return false;
            return true;
        }
    }
}
