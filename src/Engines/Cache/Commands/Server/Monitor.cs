namespace Groundwork.Cache.Commands.Server;

/// <summary>MONITOR: from now on the client sees what all clients ask for, until it leaves or asks for RESET.</summary>
internal static class Monitor
{
    public static void Run(Call call)
    {
        call.Reply.Ok();
        call.Engine.Monitors.Add(call.Client);
    }
}
