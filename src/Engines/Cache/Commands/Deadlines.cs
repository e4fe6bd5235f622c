using System.Text;

namespace Groundwork.Cache.Commands;

/// <summary>How a time to live is said: in seconds or milliseconds, from now or since 1970.</summary>
internal enum DeadlineUnit
{
    /// <summary>EX: seconds from now.</summary>
    Seconds,

    /// <summary>PX: milliseconds from now.</summary>
    Milliseconds,

    /// <summary>EXAT: Unix seconds.</summary>
    UnixSeconds,

    /// <summary>PXAT: Unix milliseconds.</summary>
    UnixMilliseconds,
}

/// <summary>Reads times to live.</summary>
internal static class Deadlines
{
    /// <summary>Whether an option names a unit: EX, PX, EXAT, PXAT.</summary>
    public static bool IsUnit(ReadOnlySpan<byte> option, out DeadlineUnit unit)
    {
        unit = default;
        if (Ascii.EqualsIgnoreCase(option, "ex"u8))
            unit = DeadlineUnit.Seconds;
        else if (Ascii.EqualsIgnoreCase(option, "px"u8))
            unit = DeadlineUnit.Milliseconds;
        else if (Ascii.EqualsIgnoreCase(option, "exat"u8))
            unit = DeadlineUnit.UnixSeconds;
        else if (Ascii.EqualsIgnoreCase(option, "pxat"u8))
            unit = DeadlineUnit.UnixMilliseconds;
        else
            return false;
        return true;
    }

    /// <summary>Reads a time to live of at least one unit; if it is none, that is the answer.</summary>
    /// <param name="call">The command.</param>
    /// <param name="argument">The place of the number.</param>
    /// <param name="unit">What it counts.</param>
    /// <param name="deadline">When it is over, in Unix milliseconds.</param>
    public static bool TryRead(Call call, int argument, DeadlineUnit unit, out long deadline)
    {
        deadline = 0;
        if (!call.TryInteger(argument, out var number))
            return false;
        if (number > 0 && TryConvert(number, unit, call.Now, out deadline))
            return true;
        Refuse(call);
        return false;
    }

    /// <summary>When a time is over, in Unix milliseconds; below 0 for one that was over before 1970.</summary>
    /// <returns>False where it is out of range.</returns>
    public static bool TryConvert(long number, DeadlineUnit unit, long now, out long deadline)
    {
        deadline = 0;
        if (unit is DeadlineUnit.Seconds or DeadlineUnit.UnixSeconds)
        {
            if (number is > long.MaxValue / 1000 or < long.MinValue / 1000)
                return false;
            number *= 1000;
        }

        if (unit is DeadlineUnit.Seconds or DeadlineUnit.Milliseconds)
        {
            if (number > long.MaxValue - now)
                return false;
            number += now;
        }

        deadline = number;
        return true;
    }

    /// <summary>Says that a time to live is none.</summary>
    public static void Refuse(Call call) => call.Reply.Error($"ERR invalid expire time in '{call.Command.Name}' command");
}
