using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Groundwork.Platform.Access.Keys;
using Groundwork.Ports.Database;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Access.Sessions;

/// <summary>
/// Begins sessions, finds whose they are, and ends them.
/// </summary>
/// <remarks>
/// <para>A token is 256 random bits; only its SHA-256 is kept, as with keys. Every request reads its session, so that signing out
/// holds at once in every copy; pages are few, and a read is cheap. A key's session asks about the key as well: what the key
/// may do is what its sessions may do, and when it (or the secret that was typed in) ends they end, at once in the copy where
/// that happened and within <see cref="KeyVerifier.KeptFor"/> in others. A token's session holds what the authority said.</para>
/// <para>Bounds: <see cref="Life"/> without use, <see cref="MaxLife"/> in all; <see cref="MaxOfOne"/> of one principal and
/// <see cref="MaxSessions"/> of all, beyond which the oldest, or those that would expire first, are ended. Those that have expired are
/// removed at every sign-in, and every <see cref="SweepInterval"/>. Safe for concurrent use.</para>
/// </remarks>
internal sealed class SessionRegistry(SessionStore store, KeyVerifier keys, TimeProvider time)
{
    /// <summary>How long a session lasts without use.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(12);

    /// <summary>How long a session lasts in all.</summary>
    public static readonly TimeSpan MaxLife = TimeSpan.FromDays(7);

    /// <summary>How often those that have expired are removed.</summary>
    public static readonly TimeSpan SweepInterval = TimeSpan.FromHours(1);

    /// <summary>How many a principal may have.</summary>
    public const int MaxOfOne = 50;

    /// <summary>How many there may be.</summary>
    public const int MaxSessions = 10_000;

    private const int TokenBytes = 32;
    private const int TokenLength = 43;
    private const int SweepBatch = 1000;

    // A session in use is written once in this time, not at every request.
    private static readonly TimeSpan ExtendEvery = TimeSpan.FromHours(1);

    /// <summary>Begins a session; it is durable when this returns.</summary>
    /// <param name="principal">Whose.</param>
    /// <param name="verifier">The SHA-256 of the key's secret; null for a token's.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its token, for the cookie and nobody else.</returns>
    public async Task<string> BeginAsync(Principal principal, byte[]? verifier, CancellationToken cancellationToken)
    {
        await SweepAsync(cancellationToken);
        await store.DeleteOldestOfAsync(principal.Id, MaxOfOne - 1, cancellationToken);
        await store.DeleteFirstToExpireAsync(MaxSessions - 1, cancellationToken);

        var now = time.GetUtcNow();
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        await store.InsertAsync(new(IdOf(token), principal, verifier, now, now + Life, now + MaxLife), cancellationToken);
        return token;
    }

    /// <summary>Whose session a token is of.</summary>
    /// <returns>No session and no time to retry after where it is none that holds.</returns>
    public async ValueTask<(ConsoleSession? Session, TimeSpan? RetryAfter)> FindAsync(string token, CancellationToken cancellationToken)
    {
        if (!IsToken(token))
            return default;
        StoredSession? session;
        try
        {
            session = await store.FindAsync(IdOf(token), cancellationToken);
        }
        catch (DatabaseException)
        {
            return (null, KeyVerifier.DatabaseRetry);
        }

        var now = time.GetUtcNow();
        if (session is null || session.ExpiresAt <= now)
            return default;

        var principal = session.Principal;
        if (session.Verifier is { } verifier)
        {
            var verification = await keys.VerifyAsync(principal.Id, verifier, cancellationToken);
            if (verification.Principal is not { } live)
                return (null, verification.RetryAfter);
            principal = live;
        }

        return (new ConsoleSession(principal, await ExtendAsync(session, now, cancellationToken), session.EndsAt), null);
    }

    /// <summary>Ends a session, if there is one.</summary>
    public Task EndAsync(string token, CancellationToken cancellationToken) =>
        IsToken(token) ? store.DeleteAsync(IdOf(token), cancellationToken) : Task.CompletedTask;

    /// <summary>Removes those that have expired.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        while (await store.DeleteExpiredAsync(time.GetUtcNow(), SweepBatch, cancellationToken) == SweepBatch)
        {
        }
    }

    private async ValueTask<DateTimeOffset> ExtendAsync(StoredSession session, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var expiresAt = now + Life < session.EndsAt ? now + Life : session.EndsAt;
        if (expiresAt - session.ExpiresAt < ExtendEvery && (expiresAt < session.EndsAt || session.ExpiresAt == expiresAt))
            return session.ExpiresAt;
        try
        {
            await store.ExtendAsync(session.Id, expiresAt, cancellationToken);
            return expiresAt;
        }
        catch (DatabaseException)
        {
            return session.ExpiresAt; // it holds all the same, and is extended by the next request
        }
    }

    private static bool IsToken(string token) => token.Length == TokenLength && Base64Url.IsValid(token);

    private static string IdOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(token)));
}

/// <summary>Removes expired sessions as long as it is not disposed.</summary>
internal sealed partial class SessionSweep : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;

    public SessionSweep(SessionRegistry sessions, TimeProvider time, ILogger<SessionSweep> logger) =>
        _loop = Task.Run(() => RunAsync(sessions, time, logger, _stopping.Token));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private static async Task RunAsync(SessionRegistry sessions, TimeProvider time, ILogger logger, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(SessionRegistry.SweepInterval, time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                await sessions.SweepAsync(stopping);
            }
            catch (DatabaseException e)
            {
                LogFailed(logger, e);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Expired sessions could not be removed; it is tried again in an hour. None of them is believed.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
