using System.CommandLine;
using System.Runtime.CompilerServices;

namespace Groundwork.Host.Help;

/// <summary>Command lines that show what a command is for, kept with the command.</summary>
internal static class CommandExamples
{
    private static readonly ConditionalWeakTable<Command, string[]> Examples = [];

    /// <summary>Gives a command its examples; the first also stands in the list of commands.</summary>
    public static Command WithExamples(this Command command, params string[] examples)
    {
        Examples.AddOrUpdate(command, examples);
        return command;
    }

    /// <summary>A command's examples; none where it has none.</summary>
    public static IReadOnlyList<string> Of(Command command) => Examples.TryGetValue(command, out var examples) ? examples : [];
}
