using Groundwork.Ports.Database;

namespace Groundwork.Links.Clicks;

/// <summary>The key of a day under which visitors are told apart. Not for concurrent use.</summary>
internal sealed class VisitorSalts(ClickStore store, TimeProvider time)
{
    private VisitorSalt _salt;

    /// <summary>That of a day. Nobody ends the wait: who asks has a click in hand, which would be lost.</summary>
    public ValueTask<VisitorSalt> OfAsync(long day) => day == _salt.Day ? new(_salt) : new(FetchAsync(day));

    /// <summary>Fetches today's, also where nobody clicks any more: with a new day's salt the old ones are removed.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        var today = time.GetUtcNow().ToUnixTimeSeconds() / 86_400;
        if (_salt.Day < today)
            _salt = await store.SaltAsync(today, cancellationToken);
    }

    // Without the database's, one that only this copy knows: its visitors may count twice, which is better than no clicks.
    private async Task<VisitorSalt> FetchAsync(long day)
    {
        try
        {
            return _salt = await store.SaltAsync(day, CancellationToken.None);
        }
        catch (DatabaseException)
        {
            return _salt = new(day, (ulong)ClickStore.NewPart(), (ulong)ClickStore.NewPart());
        }
    }
}
