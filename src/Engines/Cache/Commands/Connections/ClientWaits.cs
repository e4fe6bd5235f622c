using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Connections;

/// <summary>CLIENT PAUSE milliseconds [WRITE | ALL], CLIENT UNPAUSE, CLIENT UNBLOCK id [TIMEOUT | ERROR].</summary>
internal static class ClientWaits
{
    // Longer timers are refused by the clock.
    private const long MaxMilliseconds = uint.MaxValue - 1L;

    public static void Pause(Call call)
    {
        var kind = PauseKind.All;
        if (call.Count > 4)
        {
            call.Reply.SyntaxError();
            return;
        }

        if (call.Count == 4)
        {
            if (call.Is(3, "write"u8))
            {
                kind = PauseKind.Writes;
            }
            else if (!call.Is(3, "all"u8))
            {
                call.Reply.Error("ERR CLIENT PAUSE mode must be WRITE or ALL"u8);
                return;
            }
        }

        if (!IntegerText.TryParse(call[2], out var milliseconds) || milliseconds > MaxMilliseconds)
        {
            call.Reply.Error("ERR timeout is not an integer or out of range"u8);
            return;
        }

        if (milliseconds < 0)
        {
            call.Reply.NegativeTimeout();
            return;
        }

        call.Engine.Pause.Begin(kind, TimeSpan.FromMilliseconds(milliseconds));
        call.Reply.Ok();
    }

    public static void Unpause(Call call)
    {
        call.Reply.Ok();
        call.Engine.Pause.End();
    }

    public static void Unblock(Call call)
    {
        var withError = call.Count == 4 && call.Is(3, "error"u8);
        if (call.Count > 4 || (call.Count == 4 && !withError && !call.Is(3, "timeout"u8)))
        {
            call.Reply.Error("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR"u8);
            return;
        }

        if (call.TryInteger(2, out var id))
            call.Reply.Integer(call.Engine.Clients.Find(id)?.Unblock(withError) == true ? 1 : 0);
    }
}
