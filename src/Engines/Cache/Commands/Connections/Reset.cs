namespace Groundwork.Cache.Commands.Connections;

/// <summary>RESET: the connection is as if it had just come.</summary>
internal static class Reset
{
    public static void Run(Call call)
    {
        call.Client.Reset();
        call.Reply.Protocol = call.Client.Protocol;
        call.Reply.SimpleString("RESET"u8);
    }
}
