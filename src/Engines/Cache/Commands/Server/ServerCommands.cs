namespace Groundwork.Cache.Commands.Server;

/// <summary>Commands on the server as a whole.</summary>
internal static class ServerCommands
{
    /// <summary>All of them.</summary>
    public static IEnumerable<Command> All =>
    [
        new("time", 1, CommandFlags.Fast, KeyPositions.None, Time) { Group = "server", Since = "2.6.0", Summary = "Gives the server's time." },
    ];

    private static void Time(Call call)
    {
        var now = call.Engine.Time.GetUtcNow();
        call.Reply.ArrayHeader(2);
        call.Reply.BulkInteger(now.ToUnixTimeSeconds());
        call.Reply.BulkInteger(now.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond);
    }
}
