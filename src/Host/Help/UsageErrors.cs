using System.CommandLine;
using Groundwork.Primitives;

namespace Groundwork.Host.Help;

/// <summary>Says what is wrong with a command line, and what was probably meant.</summary>
internal static class UsageErrors
{
    public static int Report(ParseResult parsed, TextWriter error)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens.Count > 0)
        {
            foreach (var token in parsed.UnmatchedTokens)
                error.WriteLine(Unknown(command, token));
        }
        else if (command.Subcommands.Count > 0)
        {
            error.WriteLine($"'{command.Name}' wants to know what to do: {string.Join(", ", command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name))}.");
        }
        else if (command.Arguments.FirstOrDefault(a => a.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(a) is null or { Tokens.Count: 0 }) is { } missing)
        {
            error.WriteLine($"'{command.Name}' wants a {missing.Name}: {missing.Description}");
        }
        else
        {
            foreach (var problem in parsed.Errors)
                error.WriteLine(problem.Message);
        }

        error.WriteLine($"`{Path(parsed)} --help` tells more.");
        return ExitCode.Misused;
    }

    // Only up to an equals sign: what stands behind may be a secret whose setting was misspelt.
    private static string Unknown(Command command, string token)
    {
        var name = token.Split('=')[0];
        var names = name.StartsWith('-')
            ? command.Options.Where(o => !o.Hidden).Select(o => o.Name)
            : command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name);
        var nearest = EditDistance.Nearest(name, names);
        var kind = name.StartsWith('-') ? "an option" : command.Subcommands.Count > 0 ? "a command" : "expected";
        return $"'{name}' is not {kind} here.{(nearest is null ? "" : $" Did you mean {nearest}?")}";
    }

    private static string Path(ParseResult parsed)
    {
        var names = new List<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
            names.Insert(0, result.Command is RootCommand ? "groundwork" : result.Command.Name);
        return string.Join(' ', names);
    }
}
