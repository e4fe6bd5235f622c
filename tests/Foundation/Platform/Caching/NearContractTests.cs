using Groundwork.Platform.Caching;
using Groundwork.Ports.Caching;
using Groundwork.Testing.Caching;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Platform.Tests.Caching;

/// <summary>A shared cache with a near one before it keeps the port's contract, words of changes coming when they like.</summary>
public sealed class NearContractTests : CacheContract
{
    private readonly FakeTimeProvider _time = new();

    /// <inheritdoc/>
    protected override ICache Open(CacheSpace space) =>
        new NearCache(new FarCache(new MemoryCache(space, _time)), new MemoryCache(space, _time), _time);

    /// <inheritdoc/>
    protected override Task PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }
}
