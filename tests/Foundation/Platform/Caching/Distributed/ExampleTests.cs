using System.Reflection;
using Groundwork.Platform.Caching;
using Groundwork.Ports.Caching;
using Groundwork.Testing.Caching;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Platform.Tests.Caching;

/// <summary>The example of docs/systems/cache.md, compiled and run as it stands there.</summary>
public sealed class ExampleTests
{
    private static string Page => typeof(ExampleTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "CachePage").Value!;

    private static string Source => typeof(ExampleTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "ExampleSource").Value!;

    [Fact]
    public async Task The_example_does_what_its_page_says()
    {
        var time = TimeProvider.System;
        var space = new CacheSpace("example", 1 << 20);
        await using var services = new ServiceCollection().BuildServiceProvider();
        await using var hybrid = new LoadingHybridCache(new MemoryCache(space, time), false, services, time, new Random());
        var catalog = new Catalog(hybrid, new DistributedCache(new MemoryCache(space, time), time));

        Assert.Equal("Kettle 7", await catalog.NameAsync(7, TestContext.Current.CancellationToken));
        Assert.Equal("Kettle 7", await catalog.NameAsync(7, TestContext.Current.CancellationToken));
        Assert.Equal(1, catalog.Reads);
        await catalog.RenamedAsync("kettles", TestContext.Current.CancellationToken);
        Assert.Equal("Kettle 7", await catalog.NameAsync(7, TestContext.Current.CancellationToken));
        Assert.Equal(2, catalog.Reads);
        await catalog.RememberAsync("visit", "basket 12", TestContext.Current.CancellationToken);
        Assert.Equal("basket 12", await catalog.RecallAsync("visit", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_page_shows_what_was_compiled()
    {
        var page = await File.ReadAllTextAsync(Page, TestContext.Current.CancellationToken);
        var source = await File.ReadAllTextAsync(Source, TestContext.Current.CancellationToken);
        var lines = source[(source.IndexOf("// example\n", StringComparison.Ordinal) + 11)..source.IndexOf("        // end\n", StringComparison.Ordinal)].Split('\n');
        Assert.Contains(string.Join('\n', lines.Select(l => l.Length > 4 ? l[4..] : l.Trim())), page, StringComparison.Ordinal);
    }

    // example
    private sealed class Catalog(HybridCache values, IDistributedCache visits)
    {
        // Made once for all who ask at the same time, in every copy that shares the cache.
        public async Task<string> NameAsync(int id, CancellationToken cancellationToken) => await values.GetOrCreateAsync(
            $"product-{id}",
            async token => await ReadAsync(id, token),
            new HybridCacheEntryOptions { Expiration = TimeSpan.FromMinutes(10) },
            tags: ["kettles"],
            cancellationToken);

        // After the change has committed. What is being made from before it is not kept.
        public ValueTask RenamedAsync(string category, CancellationToken cancellationToken) =>
            values.RemoveByTagAsync(category, cancellationToken);

        public Task RememberAsync(string visit, string what, CancellationToken cancellationToken) => visits.SetStringAsync(
            visit, what, new DistributedCacheEntryOptions { SlidingExpiration = TimeSpan.FromMinutes(20) }, cancellationToken);

        public Task<string?> RecallAsync(string visit, CancellationToken cancellationToken) =>
            visits.GetStringAsync(visit, cancellationToken);
        // end

        public int Reads { get; private set; }

        private Task<string> ReadAsync(int id, CancellationToken cancellationToken)
        {
            Reads++;
            return Task.FromResult($"Kettle {id}");
        }
    }
}
