using Groundwork.Testing.Servers;

namespace Groundwork.Links.Tests;

/// <summary>Tests of a running instance with Links; each has one of its own.</summary>
/// <param name="postgres">The server to take a database of; null for the embedded one.</param>
public abstract class LinksTests(PostgresServer? postgres = null) : IAsyncLifetime
{
    protected LinksClient Links { get; private set; } = null!;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync() =>
        Links = await LinksClient.StartAsync(postgres is null ? "" : await postgres.CreateDatabaseAsync(Cancellation));

    public async ValueTask DisposeAsync()
    {
        if (Links is not null)
            await Links.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
