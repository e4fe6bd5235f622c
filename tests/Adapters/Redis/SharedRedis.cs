using Groundwork.Testing.Servers;

namespace Groundwork.Redis.Tests;

/// <summary>One redis-server for all tests that leave it as it is; each has spaces of its own in it.</summary>
public class SharedRedis : IAsyncLifetime
{
    private readonly SemaphoreSlim _starting = new(1, 1);
    private RedisProcess? _process;

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>The server; started when it is first asked for, so that only who needs it is skipped where it is missing.</summary>
    public async Task<RedisProcess> GetAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            return _process ??= await StartAsync(cancellationToken);
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _starting.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts it.</summary>
    protected virtual Task<RedisProcess> StartAsync(CancellationToken cancellationToken) => RedisProcess.StartAsync(cancellationToken);
}
