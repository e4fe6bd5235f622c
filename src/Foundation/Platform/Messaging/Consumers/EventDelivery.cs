using Groundwork.Ports.Messaging;

namespace Groundwork.Platform.Messaging;

/// <summary>A record as a consumer's handler gets it.</summary>
/// <param name="Record">The record.</param>
/// <param name="Id">Which event it is, for an <see cref="Inbox"/>.</param>
/// <param name="Attempt">Which try this is of this copy, from 1.</param>
public sealed record EventDelivery(IncomingRecord Record, string Id, int Attempt);

/// <summary>What a handler says of a delivery. An exception is the same as <see cref="Retry"/> with its message.</summary>
public abstract record EventResult
{
    private EventResult()
    {
    }

    /// <summary>It is done.</summary>
    public static EventResult Done { get; } = new Finished();

    /// <summary>It failed and may succeed later.</summary>
    /// <param name="reason">Why.</param>
    public static EventResult Retry(string reason) => new Failed(reason);

    /// <summary>It failed and always will: it goes to the dead letters at once.</summary>
    /// <param name="reason">Why.</param>
    public static EventResult GiveUp(string reason) => new Hopeless(reason);

    /// <summary>It is not the event's fault: what it needs is away. It is tried again, and no attempt counts.</summary>
    /// <param name="reason">Why.</param>
    public static EventResult Wait(string reason) => new Waiting(reason);

    internal sealed record Finished : EventResult;

    internal sealed record Failed(string Reason) : EventResult;

    internal sealed record Hopeless(string Reason) : EventResult;

    internal sealed record Waiting(string Reason) : EventResult;
}
