using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Groundwork.Kafka;

/// <summary>The driver's native library, which has to be the one that its package brings.</summary>
/// <remarks>
/// Of those in the package the first wants a library that Debian has under another name; before it tries the next one, the driver takes what the system has
/// installed, which may be years older and lack functions that it calls without asking. So it is told which file to take.
/// </remarks>
internal static class Driver
{
    private const string Name = "librdkafka";

    private static readonly string[] Files = ["librdkafka.so", "centos8-librdkafka.so", "alpine-librdkafka.so"];

    private static readonly Lazy<bool> Chosen = new(Choose);

    /// <summary>Chooses it, before the driver is first used. Where the package's own is not found, or somebody else has chosen, the driver looks by itself.</summary>
    public static void Ensure() => _ = Chosen.Value;

    private static bool Choose()
    {
        if (!OperatingSystem.IsLinux())
            return false;
        var folder = Path.Combine(AppContext.BaseDirectory, "runtimes", $"linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}", "native");
        foreach (var path in new[] { folder, AppContext.BaseDirectory }.SelectMany(_ => Files, Path.Combine))
        {
            if (File.Exists(path) && NativeLibrary.TryLoad(path, out var library))
                return Use(library);
        }

        return false;
    }

    private static bool Use(nint library)
    {
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(Library).Assembly, (name, _, _) => name == Name ? library : 0);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
