using System.Runtime.InteropServices;

namespace Groundwork.Host;

/// <summary>
/// The heap of the C library, from which native code takes its memory: the JIT compiler while it compiles, SQLite for the pages that it caches.
/// glibc keeps what is given back to it below anything that is still in use; here that goes back to the system, now and then.
/// </summary>
/// <remarks>Has no effect with another C library. Disposing ends it.</remarks>
internal sealed partial class NativeHeap : IDisposable
{
    // It takes about a millisecond, and most of what there is comes from the compiling of the first minute.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Timer _timer;

    public NativeHeap() => _timer = new Timer(static timer => Trim(), null, Interval, Interval);

    public void Dispose() => _timer.Dispose();

    private static void Trim()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = Trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Not glibc.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint kept);
}
