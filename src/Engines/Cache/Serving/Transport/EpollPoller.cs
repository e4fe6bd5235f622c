using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Groundwork.Cache.Serving.Transport;

/// <summary>Waits with epoll; is woken through an eventfd that is never read: each write to it is an edge.</summary>
internal sealed unsafe class EpollPoller : Poller
{
    private const int WakeSlot = -1;
    private const int MaxEvents = 256;

    // `struct epoll_event` is packed on x86-64 only: 32 bits of events, then 64 bits of ours.
    private static readonly int EventBytes = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = EventBytes - 8;

    private readonly int _epoll;
    private readonly int _wake;
    private readonly byte* _events = (byte*)NativeMemory.Alloc((nuint)(MaxEvents * EventBytes));
    private bool _isDisposed;

    public EpollPoller()
    {
        _epoll = Check(Libc.EpollCreate(Libc.CloseOnExec));
        _wake = Check(Libc.EventDescriptor(0, Libc.CloseOnExec | Libc.NonBlocking));
        Control(Libc.EpollAdd, _wake, WakeSlot, Libc.EpollIn | Libc.EpollEdge);
    }

    public override void Add(Pollable socket, int slot, Interest interest) =>
        Control(Libc.EpollAdd, Descriptor(socket), slot, Events(interest));

    public override void Change(Pollable socket, int slot, Interest interest) =>
        Control(Libc.EpollChange, Descriptor(socket), slot, Events(interest));

    public override void Remove(Pollable socket, int slot)
    {
        var what = stackalloc byte[16];
        // One that was never added is not there either.
        _ = Libc.EpollControl(_epoll, Libc.EpollRemove, Descriptor(socket), what);
    }

    public override int Wait(Span<Ready> ready, bool wait)
    {
        var count = Libc.EpollWait(_epoll, _events, Math.Min(ready.Length, MaxEvents), wait ? -1 : 0);
        if (count < 0)
            return Marshal.GetLastPInvokeError() == Libc.Interrupted ? 0 : Check(count);

        var found = 0;
        for (var i = 0; i < count; i++)
        {
            var at = _events + (i * EventBytes);
            var slot = (int)Unsafe.ReadUnaligned<long>(at + DataOffset);
            if (slot == WakeSlot)
                continue;
            var events = Unsafe.ReadUnaligned<uint>(at);
            var what = Interest.None;
            if ((events & (Libc.EpollIn | Libc.EpollError | Libc.EpollHangUp)) != 0)
                what |= Interest.Read;
            if ((events & Libc.EpollOut) != 0)
                what |= Interest.Write;
            if ((events & (Libc.EpollPeerHangUp | Libc.EpollHangUp | Libc.EpollError)) != 0)
                what |= Interest.HangUp;
            ready[found++] = new Ready(slot, what);
        }

        return found;
    }

    public override void Wake()
    {
        var one = 1UL;
        // Full means that it is awake.
        _ = Libc.Write(_wake, (byte*)&one, sizeof(ulong));
    }

    public override void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _ = Libc.Close(_wake);
        _ = Libc.Close(_epoll);
        NativeMemory.Free(_events);
    }

    private static uint Events(Interest interest) =>
        ((interest & Interest.Read) != 0 ? Libc.EpollIn : 0)
        | ((interest & Interest.Write) != 0 ? Libc.EpollOut : 0)
        | ((interest & Interest.HangUp) != 0 ? Libc.EpollPeerHangUp : 0);

    private static int Descriptor(Pollable socket) => socket switch
    {
        EpollChannel channel => channel.Descriptor,
        EpollListener listener => listener.Descriptor,
        _ => throw new ArgumentException("It is a socket of another kind.", nameof(socket)),
    };

    private static int Check(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    private void Control(int operation, int descriptor, int slot, uint events)
    {
        var what = stackalloc byte[16];
        Unsafe.WriteUnaligned(what, events);
        Unsafe.WriteUnaligned(what + DataOffset, (long)slot);
        Check(Libc.EpollControl(_epoll, operation, descriptor, what));
    }
}
