using System.Globalization;
using System.Net;
using System.Text;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Server;

/// <summary>DEBUG SLEEP seconds, SET-ACTIVE-EXPIRE 0|1, OBJECT key, PROTOCOL type: for tests, where the settings allow it.</summary>
internal static unsafe class Debug
{
    private const double MaxSeconds = 60;

    public static void Run(Call call)
    {
        if (!IsAllowed(call))
        {
            call.Reply.Error("ERR DEBUG command not allowed. If the enable-debug-command option is set to \"local\", you can run it from a local connection, otherwise you need to set this option in the settings, and then restart the server."u8);
            return;
        }

        if (call.Is(1, "sleep"u8) && call.Count == 3)
            Sleep(call);
        else if (call.Is(1, "set-active-expire"u8) && call.Count == 3 && (call.Is(2, "0"u8) || call.Is(2, "1"u8)))
            SetActiveExpiry(call);
        else if (call.Is(1, "object"u8) && call.Count == 3)
            Describe(call);
        else if (call.Is(1, "protocol"u8) && call.Count == 3)
            ReplyKinds.Show(call, 2);
        else
            call.Reply.Error("ERR unknown subcommand or wrong number of arguments for DEBUG: SLEEP seconds, SET-ACTIVE-EXPIRE 0|1, OBJECT key and PROTOCOL type are there"u8);
    }

    private static bool IsAllowed(Call call) => call.Engine.Debug switch
    {
        DebugAccess.Everybody => true,
        DebugAccess.Local => call.Client.Connection.RemoteAddress is not IPEndPoint address || IPAddress.IsLoopback(address.Address),
        _ => false,
    };

    // Others on the same thread wait with it: that is what it is for.
    private static void Sleep(Call call)
    {
        if (!double.TryParse(call[2], NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) || seconds is not (>= 0 and <= MaxSeconds))
        {
            call.Reply.NotAFloat();
            return;
        }

        Thread.Sleep(TimeSpan.FromSeconds(seconds));
        call.Reply.Ok();
    }

    private static void SetActiveExpiry(Call call)
    {
        call.Engine.ExpiresActively = call.Is(2, "1"u8);
        call.Reply.Ok();
    }

    private static void Describe(Call call)
    {
        var key = call.Look(2);
        if (!key.Exists)
        {
            call.Reply.NoSuchKey();
            return;
        }

        var encoding = Encoding.ASCII.GetString(Keys.ObjectCommands.NameOf(key.Found));
        call.Reply.SimpleString(Encoding.ASCII.GetBytes(
            $"Value at:0x{(nint)key.Found.Entry:x} refcount:1 encoding:{encoding} serializedlength:{key.Found.Entry->ValueLength} lru:{KeyIndex.UseOf(*key.Found.Slot)} lru_seconds_idle:0"));
    }
}
