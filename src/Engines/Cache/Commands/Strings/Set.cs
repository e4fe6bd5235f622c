using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Strings;

/// <summary>SET key value [NX | XX] [GET] [EX | PX | EXAT | PXAT time | KEEPTTL]; SETNX, SETEX, PSETEX.</summary>
internal static class Set
{
    public static void Run(Call call)
    {
        if (call.Count == 3)
        {
            var plain = call.Write(1);
            plain.SetText(call[2], deadline: -1);
            plain.Changed();
            call.Reply.Ok();
            return;
        }

        if (!TryOptions(call, out var options))
            return;
        var key = options.Get ? call.Read(1) : call.Write(1);
        if (options.Get)
        {
            if (!call.Expect(key, ValueKind.Text))
                return;
            call.Text(key);
        }

        if (options.IfAbsent ? key.Exists : options.IfPresent && !key.Exists)
        {
            if (!options.Get)
                call.Reply.Null();
            return;
        }

        if (options.Deadline >= 0 && options.Deadline <= call.Now)
        {
            // A time that is over: as if it had been set, and had gone.
            key.Clear();
        }
        else
        {
            key.SetText(call[2], options.Keep ? key.Deadline : options.Deadline);
            key.Changed();
        }

        if (!options.Get)
            call.Reply.Ok();
    }

    public static void RunIfAbsent(Call call)
    {
        var key = call.Write(1);
        if (!key.Exists)
        {
            key.SetText(call[2], deadline: -1);
            key.Changed();
            call.Reply.Integer(1);
            return;
        }

        call.Reply.Integer(0);
    }

    public static void RunForSeconds(Call call) => RunFor(call, DeadlineUnit.Seconds);

    public static void RunForMilliseconds(Call call) => RunFor(call, DeadlineUnit.Milliseconds);

    private static void RunFor(Call call, DeadlineUnit unit)
    {
        if (!Deadlines.TryRead(call, 2, unit, out var deadline))
            return;
        var key = call.Write(1);
        key.SetText(call[3], deadline);
        key.Changed();
        call.Reply.Ok();
    }

    private static bool TryOptions(Call call, out Options options)
    {
        options = new Options { Deadline = -1 };
        for (var i = 3; i < call.Count; i++)
        {
            if (call.Is(i, "nx"u8) && !options.IfPresent)
            {
                options.IfAbsent = true;
            }
            else if (call.Is(i, "xx"u8) && !options.IfAbsent)
            {
                options.IfPresent = true;
            }
            else if (call.Is(i, "get"u8))
            {
                options.Get = true;
            }
            else if (call.Is(i, "keepttl"u8) && options.Deadline < 0)
            {
                options.Keep = true;
            }
            else if (Deadlines.IsUnit(call[i], out var unit) && !options.Keep && options.Deadline < 0 && i + 1 < call.Count)
            {
                if (!Deadlines.TryRead(call, ++i, unit, out options.Deadline))
                    return false;
            }
            else
            {
                call.Reply.SyntaxError();
                return false;
            }
        }

        return true;
    }

    private struct Options
    {
        public bool IfAbsent;
        public bool IfPresent;
        public bool Get;
        public bool Keep;
        public long Deadline;
    }
}
