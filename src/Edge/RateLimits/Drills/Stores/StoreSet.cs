using Groundwork.Ports.Caching;
using Groundwork.Ports.Experiments;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.RateLimits.Drills.Stores;

/// <summary>The stores that limits are kept in elsewhere: a script on redis-server, where it is installed, and this program's command. Disposing it ends them.</summary>
internal sealed class StoreSet : IAsyncDisposable
{
    private readonly List<StoreProgram> _all = [];

    /// <summary>Why there are none; null where there are.</summary>
    public static string? Missing(IExperimentContext context) => context.Services.GetService<ISharedCacheEngine>() is null
        ? "No module of this program reaches a shared cache: let all Modules run."
        : null;

    /// <summary>Their names, for people.</summary>
    public string Names => string.Join(" and ", _all.Select(s => s.Name));

    /// <summary>How many.</summary>
    public int Count => _all.Count;

    /// <summary>By turns.</summary>
    public StoreProgram this[int round] => _all[round % _all.Count];

    /// <summary>Starts as many as so many rounds need.</summary>
    public static async Task<StoreSet> StartAsync(IDrillContext context, CancellationToken cancellationToken)
    {
        var stores = new StoreSet();
        try
        {
            if (RedisProcess.Missing is null)
                stores._all.Add(await StoreProgram.StartRedisAsync(context.Random, cancellationToken));
            if (stores.Count == 0 || context.Rounds > 1)
                stores._all.Add(await StoreProgram.StartOursAsync(context, context.Random, cancellationToken));
            return stores;
        }
        catch
        {
            await stores.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var store in _all)
            await store.DisposeAsync();
    }
}
