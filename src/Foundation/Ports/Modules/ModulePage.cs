using System.Text.RegularExpressions;

namespace Groundwork.Ports.Modules;

/// <summary>A module's introduction: what it does, and commands that show it, ready to be pasted.</summary>
/// <param name="Title">In a few words.</param>
/// <param name="Examples">
/// Each a command line. <c>{base}</c> stands for the HTTP address, with a slash at its end; <c>{key}</c> for what shows a key of the API, where one is
/// asked for; <c>{cache}</c> for <see cref="Module.Authority"/> of Cache, and so for every module's.
/// </param>
public sealed partial record ModulePage(string Title, IReadOnlyList<Example> Examples)
{
    // Double quotes, so that the shell puts the key in: who shows a command does not know it.
    private const string KeyHeader = " -H \"Authorization: Bearer $GROUNDWORK_KEY\"";

    /// <summary>The examples as they can be pasted; without those of a protocol that is not served.</summary>
    /// <param name="root">Under which address HTTP is served, with a slash at its end.</param>
    /// <param name="needsKey">Whether a program would be asked for a key.</param>
    /// <param name="modules">Those that run.</param>
    public IEnumerable<Example> ExamplesAt(Uri? root, bool needsKey, IEnumerable<Module> modules)
    {
        var places = modules.ToDictionary(m => m.Name, m => m.Authority, StringComparer.OrdinalIgnoreCase);
        places["base"] = root?.ToString();
        places["key"] = needsKey ? KeyHeader : "";
        return Examples
            .Where(e => Placeholder().Matches(e.CommandLine).All(m => places.GetValueOrDefault(m.Groups[1].Value) is not null))
            .Select(e => e with { CommandLine = Placeholder().Replace(e.CommandLine, m => places[m.Groups[1].Value]!) });
    }

    [GeneratedRegex(@"\{([a-z]+)\}")]
    private static partial Regex Placeholder();
}

/// <summary>One thing to try.</summary>
public sealed record Example(string Purpose, string CommandLine);
