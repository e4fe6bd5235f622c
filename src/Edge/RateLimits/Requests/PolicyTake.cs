using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Limiting;
using Groundwork.RateLimits.Policies;

namespace Groundwork.RateLimits.Requests;

/// <summary>What is taken of one policy for one key, and what became of it. Not for concurrent use.</summary>
internal sealed class PolicyTake(Policy policy, byte[] key, long cost, IReadOnlyList<Limit> limits)
{
    /// <summary>The policy.</summary>
    public Policy Policy { get; } = policy;

    /// <summary>Who is counted, as <see cref="KeyReader"/> writes it.</summary>
    public byte[] Key { get; } = key;

    /// <summary>How much it costs.</summary>
    public long Cost { get; set; } = cost;

    /// <summary>The limits it is taken from: the policy's, or those that stand in for them.</summary>
    public IReadOnlyList<Limit> Limits { get; } = limits;

    /// <summary>What became of it.</summary>
    public TakeResult Result { get; set; }

    /// <summary>One for each limit, once it is laid out.</summary>
    public ReadOnlyMemory<LimitTake> Takes { get; private set; }

    /// <summary>What each limit said; means something where <see cref="IsCounted"/>.</summary>
    public Memory<LimitDecision> Decisions { get; private set; }

    /// <summary>Whether somebody counted it.</summary>
    public bool IsCounted => Result is not (TakeResult.NotAsked or TakeResult.Uncounted);

    /// <summary>Writes its takes; <paramref name="holder"/> holds what concurrency limits give.</summary>
    public void Lay(Memory<LimitTake> takes, Memory<LimitDecision> decisions, ulong holder)
    {
        var batch = ReferenceEquals(Limits, Policy.Limits) ? Policy.Batch : 0;
        for (var i = 0; i < Limits.Count; i++)
        {
            var isHeld = Limits[i].Algorithm == LimitAlgorithm.Concurrency;
            takes.Span[i] = new LimitTake(Key, Limits[i], Cost, isHeld ? holder : 0, batch);
        }

        (Takes, Decisions) = (takes, decisions);
    }
}

/// <summary>What became of a take.</summary>
internal enum TakeResult
{
    /// <summary>Nothing became of it: of more than are asked at once, others refused before or after.</summary>
    NotAsked,

    /// <summary>It was taken.</summary>
    Allowed,

    /// <summary>It was refused by a limit of its policy.</summary>
    Refused,

    /// <summary>It would have been refused, if its policy were not a shadow.</summary>
    Shadowed,

    /// <summary>Its own policy would have allowed it; another refused, so that nothing was taken.</summary>
    Spared,

    /// <summary>Nobody could count it.</summary>
    Uncounted,
}
