using Groundwork.Ports.Database;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Groundwork.Links.Drills;

/// <summary>No cache at all: each redirect reads the database, and nothing is left when that is away.</summary>
internal sealed class ForgetfulRedirects : RedirectCache
{
    private readonly LinkStore _store;

    public ForgetfulRedirects(
        [FromKeyedServices(LinkStore.SchemaName)] IDatabase database, LinkStore store, Blocklist blocklist, RedirectSpace space, TimeProvider time, ILogger<RedirectCache> logger)
        : base(database, store, blocklist, space, time, logger) => _store = store;

    public override ValueTask<RedirectTarget?> FindAsync(long number, CancellationToken cancellationToken) =>
        _store.FindTargetAsync(number, cancellationToken);
}
