using System.Runtime.InteropServices;

namespace Groundwork.Cache.Serving.Transport;

/// <summary>A piece of memory to be sent: the system's own <c>iovec</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Slice
{
    public byte* Start;
    public nuint Length;
}
