namespace Groundwork.Cache.Commands.Keys;

/// <summary>EXPIRE key time [NX | XX | GT | LT], PEXPIRE, EXPIREAT, PEXPIREAT; PERSIST.</summary>
internal static class Expire
{
    public static void InSeconds(Call call) => Run(call, DeadlineUnit.Seconds);

    public static void InMilliseconds(Call call) => Run(call, DeadlineUnit.Milliseconds);

    public static void AtSeconds(Call call) => Run(call, DeadlineUnit.UnixSeconds);

    public static void AtMilliseconds(Call call) => Run(call, DeadlineUnit.UnixMilliseconds);

    public static void Never(Call call)
    {
        var key = call.Write(1);
        if (key.Deadline < 0)
        {
            call.Reply.Integer(0);
            return;
        }

        key.Shard.SetDeadline(ref key.Found, -1);
        key.Changed();
        call.Reply.Integer(1);
    }

    private static void Run(Call call, DeadlineUnit unit)
    {
        if (!call.TryInteger(2, out var number) || !TryConditions(call, out var conditions))
            return;
        if (!Deadlines.TryConvert(number, unit, call.Now, out var deadline))
        {
            Deadlines.Refuse(call);
            return;
        }

        var key = call.Write(1);
        if (!key.Exists || !Holds(conditions, key.Deadline, deadline))
        {
            call.Reply.Integer(0);
            return;
        }

        if (deadline <= call.Now)
        {
            key.Remove();
        }
        else
        {
            key.Shard.SetDeadline(ref key.Found, deadline);
            key.Changed();
        }

        call.Reply.Integer(1);
    }

    private static bool TryConditions(Call call, out Conditions conditions)
    {
        conditions = Conditions.None;
        for (var i = 3; i < call.Count; i++)
        {
            var condition = call.Is(i, "nx"u8) ? Conditions.IfNone
                : call.Is(i, "xx"u8) ? Conditions.IfAny
                : call.Is(i, "gt"u8) ? Conditions.IfLater
                : call.Is(i, "lt"u8) ? Conditions.IfEarlier
                : Conditions.None;
            if (condition == Conditions.None)
            {
                call.Reply.Error($"ERR Unsupported option {System.Text.Encoding.Latin1.GetString(call[i])}");
                return false;
            }

            conditions |= condition;
        }

        if (conditions.HasFlag(Conditions.IfNone) && conditions != Conditions.IfNone)
        {
            call.Reply.Error("ERR NX and XX, GT or LT options at the same time are not compatible"u8);
            return false;
        }

        if (conditions.HasFlag(Conditions.IfLater | Conditions.IfEarlier))
        {
            call.Reply.Error("ERR GT and LT options at the same time are not compatible"u8);
            return false;
        }

        return true;
    }

    // No time to live is the longest one.
    private static bool Holds(Conditions conditions, long before, long after) =>
        (!conditions.HasFlag(Conditions.IfNone) || before < 0)
        && (!conditions.HasFlag(Conditions.IfAny) || before >= 0)
        && (!conditions.HasFlag(Conditions.IfLater) || (before >= 0 && after > before))
        && (!conditions.HasFlag(Conditions.IfEarlier) || before < 0 || after < before);

    [Flags]
    private enum Conditions
    {
        None = 0,
        IfNone = 1,
        IfAny = 2,
        IfLater = 4,
        IfEarlier = 8,
    }
}
