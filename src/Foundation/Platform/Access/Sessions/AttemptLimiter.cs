using System.Collections.Concurrent;
using System.Net;
using Groundwork.Platform.Http;

namespace Groundwork.Platform.Access.Sessions;

/// <summary>
/// Turns an address away whose attempts to sign in keep failing.
/// </summary>
/// <remarks>
/// Of a key nothing can be guessed; this keeps guessers from taking the database's time and filling the log. Bounds:
/// <see cref="MaxFailures"/> a minute from one address (of IPv6 from one /64); <see cref="MaxAddresses"/> addresses, beyond
/// which all are forgotten. In memory, so each copy counts for itself. Safe for concurrent use.
/// </remarks>
internal sealed class AttemptLimiter(TimeProvider time)
{
    /// <summary>How many attempts may fail in a minute.</summary>
    public const int MaxFailures = 10;

    /// <summary>How many addresses are counted.</summary>
    public const int MaxAddresses = 10_000;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<IPAddress, (long Since, int Failures)> _failures = new();

    /// <summary>Whether an address may try.</summary>
    public bool May(IPAddress? address) =>
        !_failures.TryGetValue(CallerAddress.Of(address), out var seen) || seen.Failures < MaxFailures || time.GetElapsedTime(seen.Since) >= Window;

    /// <summary>An attempt failed.</summary>
    public void Failed(IPAddress? address)
    {
        if (_failures.Count >= MaxAddresses)
            _failures.Clear();
        var now = time.GetTimestamp();
        _failures.AddOrUpdate(
            CallerAddress.Of(address),
            (now, 1),
            (_, seen) => time.GetElapsedTime(seen.Since) >= Window ? (now, 1) : (seen.Since, seen.Failures + 1));
    }
}
