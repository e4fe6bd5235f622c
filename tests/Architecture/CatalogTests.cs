using System.Reflection;
using Groundwork.Host;
using Groundwork.Platform.Caching;
using Groundwork.Platform.Messaging;
using Groundwork.Platform.Settings;
using Groundwork.RateLimits;
using Module = Groundwork.Ports.Modules.Module;

namespace Groundwork.Architecture.Tests;

public sealed class CatalogTests
{
    [Fact]
    public void Every_module_is_in_the_catalog()
    {
        var listed = ModuleCatalog.Create().Select(m => m.GetType()).ToHashSet();
        var written = Assemblies.Own.SelectMany(a => a.GetTypes()).Where(t => t.IsSubclassOf(typeof(Module)) && !t.IsAbstract);

        Assert.Empty(written.Where(t => !listed.Contains(t)).Select(t => t.FullName));
    }

    [Fact]
    public void Names_are_unique_and_each_module_keeps_to_its_own()
    {
        var modules = ModuleCatalog.Create();

        Assert.Distinct(modules.Select(m => m.Name));
        Assert.Distinct(SettingsReader.Catalog(modules).Select(s => s.Name));
        Assert.Distinct(modules.SelectMany(m => m.Scopes).Select(s => s.Name));
        Assert.Distinct(modules.Select(m => m.Schema?.Name).OfType<string>());
        foreach (var module in modules)
        {
            if (module.Settings.Count > 0)
                Assert.Contains(module.Name, ProgramSettings.ReservedSections);
            Assert.All(module.Settings, s => Assert.Equal(module.Name, s.Section));
            Assert.All(module.Scopes, s => Assert.StartsWith(module.Name.ToLowerInvariant() + ":", s.Name, StringComparison.Ordinal));
            // What is before a store and the engine are one system to whoever drills it, and its settings one section; limits are called as
            // their addresses and metrics call them.
            var system = module switch
            {
                CachingModule => "cache.",
                MessagingModule => "broker.",
                RateLimitsModule => "limits.",
                _ => module.Name.ToLowerInvariant() + ".",
            };
            Assert.All(module.Drills, d => Assert.StartsWith(system, d.Name, StringComparison.Ordinal));
            Assert.All(module.Benchmarks, b => Assert.StartsWith(system, b.Name, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Only_contracts_are_public_in_a_service()
    {
        foreach (var assembly in Assemblies.Own.Where(a => Assemblies.Folder(a).StartsWith("Services/", StringComparison.Ordinal)))
        {
            var allowed = new[] { "Module", "Options", "Scopes" };
            Assert.All(
                assembly.GetExportedTypes(),
                t => Assert.True(allowed.Any(a => t.Name.EndsWith(a, StringComparison.Ordinal)), $"{t.FullName} is public"));
        }
    }
}

/// <summary>The program's own assemblies, as built.</summary>
internal static class Assemblies
{
    /// <summary>All of them, the host included.</summary>
    public static IReadOnlyList<Assembly> Own { get; } =
    [
        .. Repository.Projects.Select(p => Assembly.Load(
            p.Folder == "Host" ? "groundwork" : "Groundwork." + p.Folder.Split('/')[^1])),
    ];

    /// <summary>Where an assembly's project lives, below <c>src</c>.</summary>
    public static string Folder(Assembly assembly) =>
        Repository.Projects[Own.ToList().IndexOf(assembly)].Folder;
}
