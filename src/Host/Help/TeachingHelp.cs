using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Groundwork.Host.Help;

/// <summary>
/// What <c>--help</c> prints: for the program, what it is and where to begin; for a command, its usage and examples.
/// </summary>
internal sealed class TeachingHelp(HelpAction usage) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <summary>Puts it in the place of the library's own help.</summary>
    public static void Install(RootCommand root)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
            option.Action = new TeachingHelp((HelpAction)option.Action!);
    }

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var output = parseResult.InvocationConfiguration.Output;
        var command = parseResult.CommandResult.Command;
        if (command is RootCommand)
        {
            WriteProgram(command, output);
            return ExitCode.Done;
        }

        usage.Invoke(parseResult);
        WriteExamples("Examples:", CommandExamples.Of(command), output);
        return ExitCode.Done;
    }

    private static void WriteProgram(Command root, TextWriter output)
    {
        output.WriteLine(
            """
            Groundwork is the back end that every product ends up building, in one program: it runs with
            no server to install, no key to make and no file to edit, and keeps its data in one folder.

            Usage: groundwork [COMMAND] [--Section:Name=value …]

            Commands:
            """);
        var commands = root.Subcommands.Where(c => !c.Hidden).ToList();
        var width = commands.Max(c => c.Name.Length);
        foreach (var command in commands)
        {
            output.WriteLine($"  {command.Name.PadRight(width)}  {command.Description}");
            if (CommandExamples.Of(command) is [var example, ..])
                output.WriteLine($"  {"".PadRight(width)}  $ {example}");
        }

        output.WriteLine(
            """

            A setting has one name, and three ways to be written; the stronger last:
              groundwork.json          { "Http": { "Listen": "127.0.0.1:8081" } }
              in the environment       GROUNDWORK_HTTP__LISTEN=127.0.0.1:8081
              on the command line      --Http:Listen=127.0.0.1:8081
            Lists are written with commas; times as 250ms, 30s, 5m; sizes as 64KiB, 256MiB. `groundwork settings`
            shows them all, with the values in force and where they come from.

            `groundwork COMMAND --help` tells more of a command. Results go to standard output, problems to
            standard error; the exit code is 0 when it was done, 1 when it failed, 2 when it was asked wrongly.
            The guide is README.md, running it in earnest is docs/operations.md.
            """);
    }

    private static void WriteExamples(string title, IReadOnlyList<string> examples, TextWriter output)
    {
        if (examples.Count == 0)
            return;
        output.WriteLine(title);
        foreach (var example in examples)
            output.WriteLine($"  $ {example}");
    }
}
