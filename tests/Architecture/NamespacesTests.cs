using System.Text.RegularExpressions;

namespace Groundwork.Architecture.Tests;

/// <summary>Inside a project, folders depend on one another in one direction too.</summary>
public sealed partial class NamespacesTests
{
    [Fact]
    public void No_two_folders_depend_on_each_other_in_a_circle()
    {
        foreach (var project in Repository.Projects)
            Assert.Equal([], Circle(Dependencies(Path.Combine(Repository.Root, "src", project.Folder))));
    }

    [Fact]
    public void A_planted_circle_is_caught()
    {
        var graph = new Dictionary<string, HashSet<string>> { ["A"] = ["B"], ["B"] = ["C"], ["C"] = ["A"], ["D"] = ["A"] };

        Assert.Equal(["A", "B", "C", "A"], Circle(graph));
    }

    private static Dictionary<string, HashSet<string>> Dependencies(string folder)
    {
        var sources = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal))
            .Select(File.ReadAllText)
            .Select(text => (Namespace: NamespacePattern().Match(text).Groups[1].Value, Text: text))
            .Where(s => s.Namespace.Length > 0)
            .ToList();
        var own = sources.Select(s => s.Namespace).ToHashSet();
        var graph = own.ToDictionary(n => n, _ => new HashSet<string>());
        foreach (var (name, text) in sources)
        {
            graph[name].UnionWith(UsingPattern().Matches(text).Select(m => m.Groups[1].Value).Where(u => own.Contains(u) && u != name));
        }

        return graph;
    }

    /// <summary>The first circle that is found, its start repeated at its end; empty where there is none.</summary>
    private static List<string> Circle(Dictionary<string, HashSet<string>> graph)
    {
        var done = new HashSet<string>();
        var path = new List<string>();
        return graph.Keys.Order(StringComparer.Ordinal).Any(Visit) ? path : [];

        bool Visit(string node)
        {
            var at = path.IndexOf(node);
            path.Add(node);
            if (at >= 0)
            {
                path.RemoveRange(0, at);
                return true;
            }

            if (!done.Contains(node) && graph[node].Order(StringComparer.Ordinal).Any(Visit))
                return true;
            done.Add(node);
            path.RemoveAt(path.Count - 1);
            return false;
        }
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespacePattern();

    [GeneratedRegex(@"^using (?:static )?([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex UsingPattern();
}
