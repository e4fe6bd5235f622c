namespace Groundwork.Platform.Data;

/// <summary>What a handler says of a piece of work. An exception is the same as <see cref="Retry"/> with its message.</summary>
public abstract record WorkResult
{
    private WorkResult()
    {
    }

    /// <summary>It is done.</summary>
    public static WorkResult Done { get; } = new Finished();

    /// <summary>It is done, and was acknowledged in the handler's own transaction.</summary>
    public static WorkResult Acknowledged { get; } = new SettledByHandler();

    /// <summary>It failed and may succeed later.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="after">When to try again, where the other side has said it; by default the queue's backoff decides.</param>
    public static WorkResult Retry(string reason, TimeSpan? after = null) => new Failed(reason, after);

    /// <summary>It failed and always will.</summary>
    public static WorkResult GiveUp(string reason) => new Hopeless(reason);

    internal sealed record Finished : WorkResult;

    internal sealed record SettledByHandler : WorkResult;

    internal sealed record Failed(string Reason, TimeSpan? After) : WorkResult;

    internal sealed record Hopeless(string Reason) : WorkResult;

    internal sealed record BrokenOff : WorkResult;
}
