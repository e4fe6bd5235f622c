using Groundwork.Ports.Experiments;

namespace Groundwork.Postgres.Local;

/// <summary>PostgreSQL for experiments of modules, which know the port only.</summary>
internal sealed class LocalPostgresServers : ILocalDatabaseServers
{
    /// <inheritdoc/>
    public string Engine => "PostgreSQL";

    /// <inheritdoc/>
    public string? Missing => LocalPostgres.Missing;

    /// <inheritdoc/>
    public async Task<ILocalDatabaseServer> StartAsync(string folder, CancellationToken cancellationToken = default) =>
        new LocalPostgresServer(await LocalPostgres.StartAsync(folder, cancellationToken));
}

/// <summary>A <see cref="LocalPostgres"/> as the port sees it.</summary>
internal sealed class LocalPostgresServer(LocalPostgres local) : ILocalDatabaseServer
{
    private const string Database = "postgres";

    /// <inheritdoc/>
    public string Connection => local.ConnectionTo(Database);

    /// <inheritdoc/>
    public string ConnectionWith(ILocalDatabaseServer other) => local.ConnectionToPrimary(Database, ((LocalPostgresServer)other).Local);

    private LocalPostgres Local => local;

    /// <inheritdoc/>
    public Task KillAsync() => local.KillAsync();

    /// <inheritdoc/>
    public Task StartAgainAsync(CancellationToken cancellationToken = default) => local.StartAgainAsync(cancellationToken);

    /// <inheritdoc/>
    public void Hang() => local.Hang();

    /// <inheritdoc/>
    public void GoOn() => local.GoOn();

    /// <inheritdoc/>
    public async Task<ILocalDatabaseServer> StartStandbyAsync(string folder, bool synchronous, CancellationToken cancellationToken = default)
    {
        var standby = await local.StartReplicaAsync(folder, cancellationToken);
        if (synchronous)
            await local.WaitForReplicasAsync(cancellationToken);
        return new LocalPostgresServer(standby);
    }

    /// <inheritdoc/>
    public Task CutOffAsync(CancellationToken cancellationToken = default) => local.CutOffAsync(cancellationToken);

    /// <inheritdoc/>
    public Task PromoteAsync(CancellationToken cancellationToken = default) => local.PromoteAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => local.DisposeAsync();
}
