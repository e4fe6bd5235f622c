using Groundwork.Ports.Caching;
using Groundwork.Testing.Caching;

namespace Groundwork.Platform.Tests.Caching;

/// <summary>The cache that tests use keeps the port's contract too.</summary>
public sealed class MemoryCacheTests : EmbeddedCacheContract
{
    /// <inheritdoc/>
    protected override ICacheServer CreateServer(TimeProvider time) => new MemoryCacheServer(time);
}
