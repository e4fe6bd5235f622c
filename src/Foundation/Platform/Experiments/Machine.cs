using System.Runtime.InteropServices;

namespace Groundwork.Platform.Experiments;

/// <summary>Where something was measured, in words; a figure without it means little.</summary>
/// <param name="Processor">The processor's name for itself.</param>
/// <param name="Cores">How many of its cores this process may use.</param>
/// <param name="MemoryBytes">How much memory this process may use.</param>
/// <param name="OperatingSystem">Name and version.</param>
/// <param name="Runtime">Name and version.</param>
/// <param name="FileSystem">Of the folder for temporary files, where experiments keep theirs.</param>
public sealed record Machine(
    string Processor, int Cores, long MemoryBytes, string OperatingSystem, string Runtime, string FileSystem)
{
    /// <summary>The one that this runs on.</summary>
    public static Machine Describe() => new(
        ProcessorName(),
        Environment.ProcessorCount,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        $"{RuntimeInformation.OSDescription} ({RuntimeInformation.OSArchitecture})",
        RuntimeInformation.FrameworkDescription,
        FileSystemName(Path.GetTempPath()));

    private static string ProcessorName()
    {
        const string Information = "/proc/cpuinfo";
        var line = File.Exists(Information)
            ? File.ReadLines(Information).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    private static string FileSystemName(string folder)
    {
        try
        {
            return new DriveInfo(folder).DriveFormat;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "unknown";
        }
    }
}
