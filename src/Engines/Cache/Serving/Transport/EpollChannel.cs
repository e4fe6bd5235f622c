using System.Net;
using System.Runtime.InteropServices;

namespace Groundwork.Cache.Serving.Transport;

/// <summary>A connection's descriptor, and nothing around it.</summary>
internal sealed unsafe class EpollChannel : Channel
{
    public EpollChannel(int descriptor, EndPoint? remote)
    {
        Descriptor = descriptor;
        Remote = remote;
        var address = stackalloc byte[LinuxAddress.MaxBytes];
        var bytes = (uint)LinuxAddress.MaxBytes;
        Local = Libc.LocalAddress(descriptor, address, &bytes) == 0 ? LinuxAddress.Read(address, bytes) : null;
    }

    public int Descriptor { get; private set; }

    public override EndPoint? Remote { get; }

    public override EndPoint? Local { get; }

    public override int Receive(byte* to, int length)
    {
        var received = (int)Libc.Receive(Descriptor, to, (nuint)length, 0);
        return received >= 0 ? received : Failure();
    }

    public override long Send(Slice* slices, int count)
    {
        nint sent;
        if (count == 1)
        {
            sent = Libc.Send(Descriptor, slices->Start, slices->Length, Libc.NoSignal);
        }
        else
        {
            var message = new Libc.Message { Slices = slices, SliceCount = (nuint)count };
            sent = Libc.SendMessage(Descriptor, &message, Libc.NoSignal);
        }

        return sent >= 0 ? sent : Failure();
    }

    public override void Dispose()
    {
        if (Descriptor < 0)
            return;
        _ = Libc.Close(Descriptor);
        Descriptor = -1;
    }

    private static int Failure() => Marshal.GetLastPInvokeError() is Libc.Again or Libc.Interrupted ? WouldBlock : Broken;
}
