namespace Groundwork.Architecture.Tests;

/// <summary>Who may reference whom: the picture in ARCHITECTURE.md, as a rule that can be checked.</summary>
internal static class Layers
{
    // The key is a folder below src, or its parent where all its children follow one rule.
    private static readonly Dictionary<string, string[]> MayReference = new()
    {
        ["Foundation/Primitives"] = [],
        ["Foundation/Ports"] = ["Foundation/Primitives"],
        ["Foundation/Platform"] = ["Foundation/Primitives", "Foundation/Ports"],
        ["Engines"] = ["Foundation/Primitives", "Foundation/Ports"],
        ["Adapters"] = ["Foundation/Primitives", "Foundation/Ports"],
        ["Services"] = ["Foundation"],
        ["Edge"] = ["Foundation"],
        ["Planning"] = ["Foundation"],
        ["Console"] = ["Foundation"],
        ["Host"] = ["Foundation", "Engines", "Adapters", "Services", "Edge", "Planning", "Console"],
    };

    /// <summary>Every reference that runs up or sideways, and every folder for which there is no rule.</summary>
    public static IReadOnlyList<string> Violations(IEnumerable<Project> projects)
    {
        var violations = new List<string>();
        foreach (var project in projects)
        {
            if (Rule(project.Folder) is not { } allowed)
            {
                violations.Add($"{project.Folder} has no place in the picture");
                continue;
            }

            violations.AddRange(project.References
                .Where(reference => !allowed.Any(a => reference == a || reference.StartsWith(a + "/", StringComparison.Ordinal)))
                .Select(reference => $"{project.Folder} must not reference {reference}"));
        }

        return violations;
    }

    private static string[]? Rule(string folder) =>
        MayReference.GetValueOrDefault(folder) ?? MayReference.GetValueOrDefault(folder.Split('/')[0]);
}
