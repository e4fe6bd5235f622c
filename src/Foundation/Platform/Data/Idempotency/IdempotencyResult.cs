namespace Groundwork.Platform.Data;

/// <summary>What became of a request: one of the records nested here.</summary>
public abstract record IdempotencyResult
{
    private IdempotencyResult()
    {
    }

    /// <summary>The work was done, here and now, and committed together with its response.</summary>
    public sealed record Executed(byte[] Response) : IdempotencyResult;

    /// <summary>The work was done by an earlier call; this is the response that it got.</summary>
    public sealed record Replayed(byte[] Response) : IdempotencyResult;

    /// <summary>The key was used for another content: the caller's mistake, nothing was done (HTTP 422).</summary>
    public sealed record Mismatch : IdempotencyResult;

    /// <summary>Another call is doing the work; nothing was done (HTTP 409). Ask again after <paramref name="RetryAfter"/>.</summary>
    public sealed record InFlight(TimeSpan RetryAfter) : IdempotencyResult;

    /// <summary>The work is this caller's to do: it ends with the store's complete or abandon.</summary>
    public sealed record Claimed(IdempotencyClaim Claim) : IdempotencyResult;
}

/// <summary>The right to do a request's work and to say what came of it, as long as nobody has taken it over.</summary>
/// <param name="Request">Which.</param>
/// <param name="Epoch">Grows with every takeover. A work outside that can refuse an old one should be told it.</param>
/// <param name="Until">From when on others may take it over.</param>
public sealed record IdempotencyClaim(IdempotentRequest Request, long Epoch, DateTimeOffset Until);
