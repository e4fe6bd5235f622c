using System.Globalization;
using System.Runtime.InteropServices;

namespace Groundwork.Postgres.Local;

/// <summary>A process of ours and all that it has started, stopped in their tracks and let go on. Linux only: it reads <c>/proc</c>.</summary>
internal static partial class ProcessTree
{
    private const int SigCont = 18;
    private const int SigStop = 19;

    /// <summary>Stops them, parents before their children, so that none is started behind our back.</summary>
    public static void Hang(int root) => Signal(root, SigStop);

    /// <summary>Lets them go on.</summary>
    public static void GoOn(int root) => Signal(root, SigCont);

    private static void Signal(int root, int signal)
    {
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException("Processes are hung by means of Linux's /proc only.");
        _ = Send(root, signal);
        foreach (var child in Children(root))
            Signal(child, signal);
    }

    private static IEnumerable<int> Children(int parent)
    {
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && ParentOf(folder) == parent)
                yield return id;
        }
    }

    // "id (name) state parent …"; the name may hold anything, a bracket too.
    private static int? ParentOf(string folder)
    {
        try
        {
            var line = File.ReadAllText(Path.Combine(folder, "stat"));
            return int.Parse(line[(line.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null; // it has ended
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Send(int process, int signal);
}
