namespace Groundwork.Postgres;

/// <summary>
/// Bounds how many reads and transactions of all databases are under way at once; more wait, in turn.
/// </summary>
/// <remarks>
/// Two steps, so that who waits for something else first (the turn of a key) holds no place meanwhile: being admitted, which is
/// refused once the gate is closed and never waits; and taking a place, which may. Whoever was admitted finishes. Thread-safe.
/// </remarks>
internal sealed class Gate(int places) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _free = new(places, places);
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _inside;
    private bool _closed;

    /// <summary>Lets a caller of a database in; <see cref="Leave"/> follows.</summary>
    /// <exception cref="Ports.Database.DatabaseException">It is closed.</exception>
    public void Admit(string schema)
    {
        lock (_lock)
        {
            if (_closed)
                throw Failures.Closed(schema);
            _inside++;
        }
    }

    /// <summary>The counterpart of <see cref="Admit"/>.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (--_inside == 0 && _closed)
                _empty.TrySetResult();
        }
    }

    /// <summary>Waits for a place; <see cref="Free"/> follows.</summary>
    public Task TakeAsync(CancellationToken cancellationToken) => _free.WaitAsync(cancellationToken);

    /// <summary>Gives the place back.</summary>
    public void Free() => _free.Release();

    /// <summary>Admits nobody any more, and waits until all have left.</summary>
    public Task CloseAsync()
    {
        lock (_lock)
        {
            _closed = true;
            if (_inside == 0)
                _empty.TrySetResult();
        }

        return _empty.Task;
    }

    /// <inheritdoc/>
    public void Dispose() => _free.Dispose();
}
