using System.Diagnostics;

namespace Groundwork.Platform.Experiments.Programs;

/// <summary>
/// Lets a process end with its parent, however that ends: the parent holds its standard input open, and the end of that ends the
/// process at once.
/// </summary>
public static class ParentWatch
{
    /// <summary>From now on. A thread, because reading standard input blocks.</summary>
    public static void DieWithParent() => new Thread(() =>
    {
        using var input = Console.OpenStandardInput();
        Span<byte> ignored = stackalloc byte[64];
        while (input.Read(ignored) > 0)
        {
        }

        Process.GetCurrentProcess().Kill();
    })
    { IsBackground = true, Name = "parent's sign of life" }.Start();
}
