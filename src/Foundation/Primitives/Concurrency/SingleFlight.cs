using System.Collections.Concurrent;

namespace Groundwork.Primitives.Concurrency;

/// <summary>
/// Runs something once for all who ask for the same key at the same time: what keeps a thousand misses of one key from becoming a
/// thousand queries.
/// </summary>
/// <remarks>
/// <para>Invariants: at most one run of a key at a time, unless <see cref="Forget"/> or the cancelling of an abandoned run makes
/// room for the next. All who wait get the same result, or the same exception. Nothing is kept: who asks after the end starts
/// another run. Who stops waiting ends its own wait only.</para>
/// <para>A run begins on the thread of its first caller, up to its first wait, and must not ask for its own key. Memory is held
/// for keys under way only. Safe for concurrent use.</para>
/// </remarks>
/// <typeparam name="TKey">The key.</typeparam>
/// <typeparam name="TValue">What a run results in.</typeparam>
public sealed class SingleFlight<TKey, TValue>
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Flight> _flights;
    private readonly bool _cancelAbandoned;

    /// <param name="cancelAbandoned">Whether a run's token is cancelled once all its callers have stopped waiting; the next caller then
    /// starts another, though the cancelled one may not have ended yet. If not, runs go on to their end, and later callers join them.</param>
    /// <param name="comparer">What makes keys equal; the type's own comparer unless it is given.</param>
    public SingleFlight(bool cancelAbandoned = false, IEqualityComparer<TKey>? comparer = null)
    {
        _cancelAbandoned = cancelAbandoned;
        _flights = new ConcurrentDictionary<TKey, Flight>(comparer);
    }

    /// <summary>How many keys have a run that can be joined.</summary>
    public int Count => _flights.Count;

    /// <summary>The result of the run of a key that is under way, or else of a new one.</summary>
    /// <param name="key">The key.</param>
    /// <param name="run">What to run. Its token is not the caller's: it is cancelled where nobody waits any more, if at all.</param>
    /// <param name="cancellationToken">Ends this caller's wait.</param>
    /// <exception cref="OperationCanceledException">The wait was ended, or the run said so itself.</exception>
    /// <exception cref="Exception">What the run threw.</exception>
    public Task<TValue> RunAsync(TKey key, Func<TKey, CancellationToken, Task<TValue>> run, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<TValue>(cancellationToken);
        var flight = Join(key, run);
        return cancellationToken.CanBeCanceled ? WaitAsync(key, flight, cancellationToken) : flight.Task;
    }

    /// <summary>Starts a run where none of the key is under way: what is done ahead of time, for nobody who waits.</summary>
    /// <returns>Its result, which cannot be given up; null where one is under way.</returns>
    public Task<TValue>? TryRun(TKey key, Func<TKey, CancellationToken, Task<TValue>> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (_flights.ContainsKey(key))
            return null;
        var flight = NewFlight();
        if (!_flights.TryAdd(key, flight))
            return null;
        _ = FlyAsync(key, flight, run);
        return flight.Task;
    }

    /// <summary>
    /// Lets the next caller start a run of its own, whatever is under way, because what that one reads may have changed since. Those
    /// who wait for it still get its result.
    /// </summary>
    /// <returns>Whether one was under way.</returns>
    public bool Forget(TKey key) => _flights.TryRemove(key, out _);

    /// <summary><see cref="Forget"/> for every key.</summary>
    public void ForgetAll() => _flights.Clear();

    private Flight Join(TKey key, Func<TKey, CancellationToken, Task<TValue>> run)
    {
        while (true)
        {
            if (_flights.TryGetValue(key, out var flight))
            {
                if (flight.TryJoin())
                    return flight;
                Remove(key, flight);
                continue;
            }

            flight = NewFlight();
            if (!_flights.TryAdd(key, flight))
                continue;
            _ = FlyAsync(key, flight, run);
            return flight;
        }
    }

    private Flight NewFlight() => new(_cancelAbandoned ? new CancellationTokenSource() : null);

    private async Task FlyAsync(TKey key, Flight flight, Func<TKey, CancellationToken, Task<TValue>> run)
    {
        try
        {
            var value = await run(key, flight.Token).ConfigureAwait(false);
            Remove(key, flight);
            flight.Complete(value);
        }
        catch (Exception e)
        {
            Remove(key, flight);
            flight.Fail(e);
        }
    }

    private async Task<TValue> WaitAsync(TKey key, Flight flight, CancellationToken cancellationToken)
    {
        try
        {
            return await flight.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (flight.Leave())
                Remove(key, flight);
        }
    }

    private void Remove(TKey key, Flight flight) => _flights.TryRemove(KeyValuePair.Create(key, flight));

    /// <summary>A run under way, and how many wait for it; whoever cannot be cancelled waits to the end.</summary>
    private sealed class Flight(CancellationTokenSource? cancellation)
    {
        private readonly TaskCompletionSource<TValue> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _gate = new();
        private int _waiting = 1;

        public Task<TValue> Task => _result.Task;

        public CancellationToken Token => cancellation?.Token ?? CancellationToken.None;

        public bool TryJoin()
        {
            lock (_gate)
            {
                // Once nobody was left, it is being cancelled.
                if (_waiting == 0 && cancellation is not null)
                    return false;
                _waiting++;
                return true;
            }
        }

        /// <returns>Whether the run was abandoned by this.</returns>
        public bool Leave()
        {
            lock (_gate)
            {
                if (--_waiting > 0 || cancellation is null || _result.Task.IsCompleted)
                    return false;
            }

            // Elsewhere, since what listens to the token is the run's own code.
            _ = cancellation.CancelAsync();
            return true;
        }

        public void Complete(TValue value) => _result.TrySetResult(value);

        public void Fail(Exception error)
        {
            if (error is OperationCanceledException cancelled)
                _result.TrySetCanceled(cancelled.CancellationToken);
            else
                _result.TrySetException(error);

            // Nobody may be left to see it.
            _ = _result.Task.Exception;
        }
    }
}
