namespace Groundwork.Cache.Serving.Transport;

/// <summary>
/// Waits for many sockets at once; level-triggered: what is not dealt with is told again. One thread uses it, but for
/// <see cref="Wake"/>.
/// </summary>
internal abstract class Poller : IDisposable
{
    /// <summary>Begins to wait for a socket.</summary>
    /// <param name="slot">What <see cref="Ready"/> calls it by; 0 or more.</param>
    public abstract void Add(Pollable socket, int slot, Interest interest);

    /// <summary>Waits for something else on a socket that was added.</summary>
    public abstract void Change(Pollable socket, int slot, Interest interest);

    /// <summary>Forgets a socket, if it was added.</summary>
    public abstract void Remove(Pollable socket, int slot);

    /// <summary>Waits until something is ready or somebody wakes it, and returns how many are.</summary>
    /// <param name="wait">False: only looks.</param>
    public abstract int Wait(Span<Ready> ready, bool wait);

    /// <summary>Ends a wait, or the next one. Any thread.</summary>
    public abstract void Wake();

    public abstract void Dispose();
}
