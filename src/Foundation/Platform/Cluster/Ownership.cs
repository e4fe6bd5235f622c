using Groundwork.Platform.Data;
using Groundwork.Ports.Database;

namespace Groundwork.Platform.Cluster;

/// <summary>
/// Being the owner of something, until it is disposed (given up) or <see cref="Lost"/>. Every write of an owner stands in a
/// transaction with <see cref="FenceAsync"/>: only the database knows who owns it.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class Ownership : IAsyncDisposable
{
    private readonly LeaseStore _leases;
    private readonly Lease _lease;
    private readonly Action<Ownership> _ended;
    private readonly CancellationTokenSource _lost = new();

    internal Ownership(LeaseStore leases, Lease lease, Action<Ownership> ended) => (_leases, _lease, _ended) = (leases, lease, ended);

    /// <summary>What is owned.</summary>
    public string Name => _lease.Name;

    /// <summary>Above that of every earlier owner, over restarts too.</summary>
    public long Epoch => _lease.Epoch;

    /// <summary>Cancelled as soon as it is known that another owns it now, or that it was given up. A hint to stop working,
    /// not a guard: that is <see cref="FenceAsync"/>.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Lets a transaction, whose key is <see cref="Name"/>, commit only while this is the latest owner.</summary>
    /// <exception cref="ClaimLostException">It is not; the transaction rolls back with it.</exception>
    public async ValueTask FenceAsync(ITransaction transaction)
    {
        try
        {
            await LeaseStore.FenceAsync(transaction, _lease);
        }
        catch (ClaimLostException)
        {
            End();
            throw;
        }
    }

    /// <summary>Gives it up. Where the database fails, the lease ends by itself.</summary>
    public async ValueTask DisposeAsync()
    {
        End();
        try
        {
            await _leases.ReleaseAsync(_lease);
        }
        catch (DatabaseException)
        {
            // Whoever comes next takes a higher epoch, with or without the release.
        }
    }

    // The source is never disposed: others may ask for its token at any time, and without a timer it holds nothing.
    internal void End()
    {
        _ended(this);
        _ = _lost.CancelAsync(); // on another thread: a fence runs on the database's own
    }
}
