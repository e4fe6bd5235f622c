namespace Groundwork.Cache.Commands.Popularity;

/// <summary>Commands on how keys are used; ours, Redis has none like them.</summary>
internal static class PopularityCommands
{
    /// <summary>All of them.</summary>
    public static IEnumerable<Command> All =>
    [
        Of("hotkeys", -1, HotKeysCommand.Run, "Shows which keys are read most."),
        Of("missratio", -1, MissRatioCommand.Run, "Estimates what caches of other sizes would miss."),
    ];

    private static Command Of(string name, int arity, Action<Call> run, string summary) =>
        new(name, arity, CommandFlags.ReadOnly, KeyPositions.None, run) { Group = "server", Since = "7.0.0", Summary = summary };
}
