using System.Runtime.InteropServices;

namespace Groundwork.Cache.Memory;

/// <summary>
/// Memory from the operating system, in ranges that are reserved whole and take up room only where they were written to.
/// </summary>
/// <remarks>
/// On Linux ranges are mapped, and <see cref="Discard"/> gives pages back at once; huge pages are declined unless they are asked for, since a page of
/// 2 MiB stays whole for the sake of one byte and would make the process larger than what it holds. Elsewhere ranges come from the
/// allocator and what is discarded stays with the process, to be used again.
/// </remarks>
internal static unsafe partial class SystemMemory
{
    private const int ReadWrite = 1 | 2;
    private const int PrivateAnonymousNoReserve = 0x02 | 0x20 | 0x4000;
    private const int DontNeed = 4;
    private const int HugePage = 14;
    private const int NoHugePage = 15;

    private static readonly nuint Alignment = (nuint)Environment.SystemPageSize;

    /// <summary>Reserves a range; its content is undefined.</summary>
    /// <param name="bytes">Its length.</param>
    /// <param name="inHugePages">Whether it is filled from its beginning on, and then looked at here and there: what 4 KiB pages make slow.</param>
    /// <exception cref="InsufficientMemoryException">The system has no room.</exception>
    public static byte* Reserve(nuint bytes, bool inHugePages = false)
    {
        if (!OperatingSystem.IsLinux())
            return (byte*)NativeMemory.AlignedAlloc(bytes, Alignment);
        var start = Map(null, bytes, ReadWrite, PrivateAnonymousNoReserve, -1, 0);
        if ((nint)start == -1)
            throw new InsufficientMemoryException($"The system has no {bytes} bytes of address space left for the cache (mmap failed, error {Marshal.GetLastPInvokeError()}).");

        // Kernels without huge pages do not know the advice, and do not need it.
        _ = Advise(start, bytes, inHugePages ? HugePage : NoHugePage);
        return (byte*)start;
    }

    /// <summary>Gives the pages of a part back to the system; the range stays reserved, and its content is undefined.</summary>
    public static void Discard(byte* start, nuint bytes)
    {
        if (OperatingSystem.IsLinux())
            _ = Advise(start, bytes, DontNeed);
    }

    /// <summary>Ends a reservation.</summary>
    public static void Release(byte* start, nuint bytes)
    {
        if (OperatingSystem.IsLinux())
            _ = Unmap(start, bytes);
        else
            NativeMemory.AlignedFree(start);
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
