namespace Groundwork.Ports.Caching;

/// <summary>What a caller who would load a key was told.</summary>
/// <param name="State">Whether to load.</param>
/// <param name="HasValue">Whether a value was copied, which is stale unless <see cref="State"/> is <see cref="LeaseState.Fresh"/>.</param>
/// <param name="Token">Where the lease was given: what fills the key. Never 0.</param>
/// <param name="Left">How long the value had left to live, as <see cref="CacheRead.Left"/> says it.</param>
public readonly record struct CacheLease(LeaseState State, bool HasValue, long Token, TimeSpan Left);

/// <summary>Whether to load a key.</summary>
public enum LeaseState
{
    /// <summary>No: there is a fresh value.</summary>
    Fresh,

    /// <summary>Yes: the caller has the lease, and either fills or releases it.</summary>
    Granted,

    /// <summary>No: somebody else does. Serve what is stale, or ask again in a moment.</summary>
    Held,
}

/// <summary>On which terms a key is read by who would load it.</summary>
/// <param name="Lease">How long the lease holds, at least a millisecond: a little longer than loading may take.</param>
/// <param name="Stale">A value with no more than this left of its life is stale: it is given, and so is the lease. Zero where nothing is stale
/// before its end.</param>
public readonly record struct LeaseTerms(TimeSpan Lease, TimeSpan Stale);
