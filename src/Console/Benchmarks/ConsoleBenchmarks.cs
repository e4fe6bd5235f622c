using Groundwork.Ports.Experiments;

namespace Groundwork.Console.Benchmarks;

/// <summary>What <c>groundwork bench console</c> measures. The server is the whole program in a process of its own.</summary>
internal static class ConsoleBenchmarks
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Benchmark> All { get; } = [new PageWeights(), new Viewers(), new FirstPaints()];

    /// <summary>The pages that are measured, by name; each is there in an instance without data.</summary>
    public static IReadOnlyList<(string Name, string Address)> Pages { get; } =
    [
        ("the house", "_/"), ("links", "_/links"), ("a module", "_/modules/Links"), ("cache", "_/cache"), ("a space", "_/cache/clients"),
        ("traces", "_/traces"), ("experiments", "_/experiments"), ("settings", "_/settings"),
    ];

    /// <summary>Starts the whole program in a folder of its own, closed to other users as it wants it.</summary>
    public static Task<IExperimentProgram> StartAsync(IBenchmarkContext context, string folder, CancellationToken cancellationToken)
    {
        var full = Path.Combine(context.Folder, folder);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(full);
        else
            Directory.CreateDirectory(full, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return context.StartProgramAsync(full, [], cancellationToken);
    }
}
