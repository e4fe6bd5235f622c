using System.Reflection;

namespace Groundwork.Platform;

/// <summary>Which Groundwork this is.</summary>
public static class ProgramVersion
{
    private static readonly string Informational =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>The version: <c>0.1.0</c>.</summary>
    public static string Number => Informational.Split('+')[0];

    /// <summary>The commit that it was built from; null where that was not known.</summary>
    public static string? Commit => Informational.Split('+') is [_, var commit] ? commit : null;
}
