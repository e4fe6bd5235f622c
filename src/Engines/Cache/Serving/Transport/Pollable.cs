namespace Groundwork.Cache.Serving.Transport;

/// <summary>A socket that a <see cref="Poller"/> of the same <see cref="Sockets"/> can wait for.</summary>
internal abstract class Pollable : IDisposable
{
    /// <summary>Closes the socket; before, it is taken out of its poller.</summary>
    public abstract void Dispose();
}
