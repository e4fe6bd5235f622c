using System.Collections.Concurrent;
using Groundwork.Platform.Data;

namespace Groundwork.Platform.Cluster;

/// <summary>
/// Ownership where this process is the only one, as the lock on the data folder makes it: whoever asks is the owner.
/// </summary>
/// <remarks>
/// A lease found in the database is then that of a process that has died, and is taken at once, with a higher epoch; nothing
/// is renewed. The newest wins: acquiring a name again, here, ends the earlier ownership. Should a second process run on the
/// same database against the rules, the two take names from each other, but no write of the loser's commits. Memory: one
/// entry per name owned now. Safe for concurrent use.
/// </remarks>
public sealed class LocalOwners(LeaseStore leases) : IOwners
{
    private readonly ConcurrentDictionary<string, Ownership> _owned = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task<Ownership> AcquireAsync(string name, CancellationToken cancellationToken = default)
    {
        var ownership = new Ownership(leases, await leases.TakeAsync(name, cancellationToken), Forget);
        while (true)
        {
            if (_owned.TryAdd(name, ownership))
                return ownership;
            if (!_owned.TryGetValue(name, out var other))
                continue;
            if (other.Epoch > ownership.Epoch)
            {
                ownership.End(); // another call here has overtaken this one
                return ownership;
            }

            other.End();
        }
    }

    private void Forget(Ownership ownership) => _owned.TryRemove(new KeyValuePair<string, Ownership>(ownership.Name, ownership));
}
