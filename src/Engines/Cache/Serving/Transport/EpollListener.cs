using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Groundwork.Cache.Serving.Transport;

/// <summary>Made by the runtime, which knows every kind of address; accepts by itself.</summary>
internal sealed unsafe class EpollListener(Socket socket) : Listener
{
    public int Descriptor { get; } = (int)socket.SafeHandle.DangerousGetHandle();

    public override EndPoint Address => socket.LocalEndPoint!;

    public override Accepted Accept(out Channel? channel)
    {
        channel = null;
        var address = stackalloc byte[LinuxAddress.MaxBytes];
        var bytes = (uint)LinuxAddress.MaxBytes;
        var accepted = Libc.Accept(Descriptor, address, &bytes, Libc.CloseOnExec | Libc.NonBlocking);
        if (accepted >= 0)
        {
            channel = new EpollChannel(accepted, LinuxAddress.Read(address, bytes));
            return Accepted.Connection;
        }

        return Marshal.GetLastPInvokeError() switch
        {
            Libc.Again => Accepted.None,
            Libc.TooManyFiles or Libc.TooManyFilesInSystem or Libc.NoMemory or Libc.NoBufferSpace => Accepted.Exhausted,
            _ => Accepted.Failed,
        };
    }

    public override void Dispose() => socket.Dispose();
}
