using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace Groundwork.Architecture.Tests;

/// <summary>The repository as it stands on disk: its projects, where they live, and whom they reference.</summary>
internal static class Repository
{
    /// <summary>The repository's folder.</summary>
    public static string Root { get; } = Find();

    /// <summary>Every project below <c>src</c>.</summary>
    public static IReadOnlyList<Project> Projects { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(Read)
            .OrderBy(p => p.Folder, StringComparer.Ordinal),
    ];

    private static Project Read(string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        var references = XDocument.Load(file).Descendants("ProjectReference")
            .SelectMany(r => Expand(folder, r.Attribute("Include")!.Value))
            .Select(Relative)
            .ToList();
        return new Project(Relative(folder), references);
    }

    // The host names its references by pattern: ../Services/*/*.csproj.
    private static IEnumerable<string> Expand(string folder, string include)
    {
        var star = include.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
            return [Path.GetDirectoryName(Path.GetFullPath(Path.Combine(folder, include)))!];
        var parent = Path.GetFullPath(Path.Combine(folder, include[..star]));
        return Directory.Exists(parent)
            ? Directory.EnumerateDirectories(parent).Where(d => Directory.EnumerateFiles(d, "*.csproj").Any())
            : [];
    }

    private static string Relative(string path) => Path.GetRelativePath(Path.Combine(Root, "src"), path).Replace('\\', '/');

    private static string Find([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", ".."));
}

/// <summary>A project: its folder below <c>src</c>, and those of the projects that it references.</summary>
internal sealed record Project(string Folder, IReadOnlyList<string> References);
