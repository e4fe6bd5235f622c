namespace Groundwork.Postgres.Transactions;

/// <summary>
/// Lets the transactions of one key pass one at a time within this process, so that a busy key makes a queue and not a storm of
/// conflicts. Only other copies of the program are then left to conflict with.
/// </summary>
/// <remarks>Keys share a fixed number of locks: two that share one merely wait for each other. Thread-safe.</remarks>
internal sealed class KeyLocks
{
    private const int Count = 256;

    private readonly SemaphoreSlim[] _locks = [.. Enumerable.Range(0, Count).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Waits for the key's turn; releasing what is returned ends it.</summary>
    public async ValueTask<SemaphoreSlim> EnterAsync(string key, CancellationToken cancellationToken)
    {
        var turn = _locks[(uint)string.GetHashCode(key.AsSpan()) % Count];
        await turn.WaitAsync(cancellationToken);
        return turn;
    }
}
