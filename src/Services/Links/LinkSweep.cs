using Groundwork.Links.Clicks;
using Groundwork.Ports.Database;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Links;

/// <summary>
/// Removes links whose time has long been over, and the remains of deleted ones: with their tags and statistics, each in a
/// transaction of its own number, found by the index of what is due.
/// </summary>
/// <remarks>
/// What has a number that can come again (a hash, an alias) leaves a tombstone, so that its code is never used for something else.
/// Several copies may sweep at the same time; a link that was given a later end in the meantime stays. It works a tenth of the time
/// and rests for the others, so that those who follow links hardly notice; some hundred links a second are several times what the
/// largest estimate lets expire.
/// </remarks>
internal sealed class LinkSweep([FromKeyedServices(LinkStore.SchemaName)] IDatabase database, LinkStore store, RedirectCache redirects, TimeProvider time)
{
    // Of one group commit: enough to share a sync, too few to make others wait for it.
    private const int Concurrency = 16;

    // For each time that it worked, and never longer than that.
    private const int Rests = 9;
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(1);

    private static readonly Statement SelectDue = new($"""
        select {LinkStore.Columns} from links where purge_at <= $1 order by purge_at limit $2
        """);

    private static readonly Statement Delete = new("delete from links where number = $1 and version = $2");

    private static readonly Statement Bury = new("""
        update links set state = 2, long_url = '', expires_at = null, owner = null, tags = null, title = null, purge_at = null,
            version = version + 1
        where number = $1 and version = $2
        """);

    /// <summary>Removes what is due, for <see cref="Groundwork.Platform.Data.PeriodicSweep"/>.</summary>
    /// <returns>How many links it removed, up to <paramref name="max"/>; those that changed in the meantime count too.</returns>
    public async Task<int> SweepAsync(int max, CancellationToken cancellationToken)
    {
        var due = await database.ReadAsync(
            new Command(SelectDue, Command.AnyKey, time.GetUtcNow(), (long)max), store.ReadLink, Freshness.Latest, cancellationToken);
        foreach (var chunk in due.Chunk(Concurrency))
        {
            var began = time.GetTimestamp();
            await Task.WhenAll(chunk.Select(link => RemoveAsync(link, cancellationToken)));
            await Task.Delay(RestAfter(time.GetElapsedTime(began)), time, cancellationToken);
        }

        return due.Count;
    }

    private static TimeSpan RestAfter(TimeSpan work) => work < LongestRest / Rests ? Rests * work : LongestRest;

    private async Task RemoveAsync(Link link, CancellationToken cancellationToken)
    {
        var comesAgain = link.Origin is LinkOrigin.Hash or LinkOrigin.Alias;
        await database.TransactAsync(LinkStore.Key(link.Number), RemoveAsync, cancellationToken);
        await redirects.InvalidateAsync(link.Number);

        async ValueTask<bool> RemoveAsync(ITransaction transaction)
        {
            if (await transaction.ExecuteAsync(comesAgain ? Bury : Delete, link.Number, link.Version) == 0)
                return false;
            await LinkStore.DeleteTagsAsync(transaction, link);
            await ClickStore.DeleteAsync(transaction, link.Number);
            return true;
        }
    }
}
