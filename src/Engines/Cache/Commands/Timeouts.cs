using Groundwork.Cache.Commands.Strings;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands;

/// <summary>Reads how long a client would wait.</summary>
internal static class Timeouts
{
    /// <summary>Seconds with a fraction, rounded up to milliseconds; 0, and what is longer than clocks take (49 days), is for ever.</summary>
    /// <returns>False where it is none; that is the answer.</returns>
    public static bool TryRead(Call call, int argument, out TimeSpan timeout)
    {
        timeout = TimeSpan.Zero;
        if (!IncrementFloat.TryRead(call[argument], out var seconds))
        {
            call.Reply.NotATimeout();
            return false;
        }

        var milliseconds = Math.Ceiling(seconds * 1000);
        if (milliseconds < 0)
        {
            call.Reply.NegativeTimeout();
            return false;
        }

        if (milliseconds > long.MaxValue - call.Now)
        {
            call.Reply.Error("ERR timeout is out of range"u8);
            return false;
        }

        if (milliseconds < uint.MaxValue)
            timeout = TimeSpan.FromMilliseconds(milliseconds);
        return true;
    }
}
