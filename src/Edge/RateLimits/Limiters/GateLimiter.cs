using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using Groundwork.Primitives.Limiting;

namespace Groundwork.RateLimits.Limiters;

/// <summary>
/// A limit as .NET's <see cref="RateLimiter"/>: a queue before a gate. Nothing runs in the background while nobody waits; whoever
/// waits is woken by one timer, which is set to when the first can go.
/// </summary>
/// <remarks>
/// <para>Oldest first, who comes stands behind those who wait, and is refused where the queue is full. Newest first, who comes goes
/// ahead of them, and the oldest are refused where the queue is full. Who waits for several permits holds up those behind it.</para>
/// <para>Invariants: what is queued never exceeds the queue's limit; all that is read and changed is under one lock, and callers go
/// on outside it. A waiter is woken at most a millisecond after its time, since timers count in those, and never before.</para>
/// </remarks>
/// <typeparam name="TGate">The algorithm.</typeparam>
internal sealed class GateLimiter<TGate> : RateLimiter
    where TGate : struct, IGate
{
    private const long NotSet = -1;

    // As long as a timer surely takes; who waits longer is looked at in between.
    private static readonly TimeSpan LongestNap = TimeSpan.FromDays(1);

    private static readonly Int128 LongestWait = TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerMicrosecond;

    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _queue = new();
    private readonly MicrosecondClock _clock;
    private readonly TimeProvider _time;
    private readonly Limit _limit;
    private readonly int _queueLimit;
    private readonly bool _isNewestFirst;
    private readonly Action<Waiter, CancellationToken> _cancelled;
    private TGate _gate;
    private ITimer? _timer;
    private long _wakesAt = NotSet;
    private long _queued;
    private long _idleSince;
    private long _successes;
    private long _failures;
    private bool _isDisposed;

    /// <param name="gate">The gate, nobody having gone through; its times begin at 0.</param>
    /// <param name="queueLimit">How many permits may be waited for, together.</param>
    public GateLimiter(TGate gate, in Limit limit, int queueLimit, QueueProcessingOrder order, TimeProvider time)
    {
        (_gate, _limit, _queueLimit, _isNewestFirst, _time) = (gate, limit, queueLimit, order == QueueProcessingOrder.NewestFirst, time);
        _clock = new MicrosecondClock(time);
        _cancelled = Cancel;
    }

    /// <inheritdoc/>
    public override TimeSpan? IdleDuration
    {
        get
        {
            lock (_lock)
            {
                var now = _clock.Now;
                return _queue.Count == 0 && now >= _idleSince ? TimeSpan.FromMicroseconds(now - _idleSince) : null;
            }
        }
    }

    // What is held does not come back with time: it is not asked for the clock, which costs more than the rest of a take.
    private long Now => typeof(TGate) == typeof(HeldGate) ? 0 : _clock.Now;

    /// <inheritdoc/>
    public override RateLimiterStatistics GetStatistics()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return new RateLimiterStatistics
            {
                CurrentAvailablePermits = _gate.Peek(Now, 0).Remaining,
                CurrentQueuedCount = _queued,
                TotalFailedLeases = _failures,
                TotalSuccessfulLeases = _successes,
            };
        }
    }

    /// <summary>Takes back what a lease held.</summary>
    public void Return(int cost)
    {
        lock (_lock)
        {
            _gate.Return(cost);
            if (!_isDisposed)
                Serve(Now);
            if (_gate.Peek(Now, 0).ResetAfter == 0)
                _idleSince = _clock.Now;
        }
    }

    /// <inheritdoc/>
    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        Check(permitCount);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var now = Now;
            return TryEnter(now, permitCount, out var lease) ? lease : Refuse(now, permitCount);
        }
    }

    /// <inheritdoc/>
    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
    {
        Check(permitCount);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var now = Now;
            if (TryEnter(now, permitCount, out var lease))
                return new ValueTask<RateLimitLease>(lease);
            if (!TryMakeRoom(now, permitCount))
                return new ValueTask<RateLimitLease>(Refuse(now, permitCount));

            var waiter = new Waiter(permitCount);
            _queue.AddLast(waiter.Place);
            _queued += permitCount;
            waiter.WatchFor(_cancelled, cancellationToken);
            Serve(now);
            return new ValueTask<RateLimitLease>(waiter.Task);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing)
            return;
        lock (_lock)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            _timer?.Dispose();
            var now = Now;
            while (_queue.First is { } first)
                Leave(first.Value).End(Refuse(now, first.Value.Cost));
        }
    }

    /// <inheritdoc/>
    protected override ValueTask DisposeAsyncCore()
    {
        Dispose(true);
        return base.DisposeAsyncCore();
    }

    private void Check(int permitCount)
    {
        if (permitCount > _gate.MaxCost)
            throw new ArgumentOutOfRangeException(nameof(permitCount), permitCount, $"This limit never admits more than {_gate.MaxCost} at once.");
    }

    private bool TryEnter(long now, int cost, [NotNullWhen(true)] out RateLimitLease? lease)
    {
        // Oldest first, those who wait and can go by now, go before who comes.
        lease = null;
        if (_queue.Count > 0 && !_isNewestFirst)
        {
            Serve(now);
            if (_queue.Count > 0)
                return false;
        }

        return TryTake(now, cost, out lease, out _);
    }

    private bool TryTake(long now, int cost, [NotNullWhen(true)] out RateLimitLease? lease, out long wait)
    {
        // Who takes nothing asks whether there is anything.
        var decision = cost == 0 ? _gate.Peek(now, 1) : _gate.Take(now, cost);
        wait = decision.RetryAfter;
        lease = null;
        if (!decision.IsAllowed)
            return false;
        _successes++;
        if (cost > 0)
            _idleSince = decision.ResetAfter == long.MaxValue ? long.MaxValue : now + decision.ResetAfter;
        lease = typeof(TGate) != typeof(HeldGate) ? SpentLease.Instance : new HeldLease(cost > 0 ? (GateLimiter<HeldGate>)(object)this : null, cost);
        return true;
    }

    private bool TryMakeRoom(long now, int cost)
    {
        // Those who wait for nothing count as somebody all the same.
        if (cost > _queueLimit || _queueLimit == 0)
            return false;
        while (_queueLimit - _queued < cost || _queue.Count >= _queueLimit)
        {
            if (!_isNewestFirst)
                return false;
            var oldest = _queue.First!.Value;
            Leave(oldest).End(Refuse(now, oldest.Cost));
        }

        return true;
    }

    /// <summary>Lets go whoever can, and sets the timer for who is next.</summary>
    private void Serve(long now)
    {
        while ((_isNewestFirst ? _queue.Last : _queue.First) is { } next)
        {
            if (!TryTake(now, next.Value.Cost, out var lease, out var wait))
            {
                WakeAfter(now, wait);
                return;
            }

            Leave(next.Value).End(lease);
        }
    }

    private void WakeAfter(long now, long wait)
    {
        // Permits that are held come back without a timer.
        if (wait == LimitDecision.Never || now + wait == _wakesAt)
            return;
        _wakesAt = now + wait;
        var nap = TimeSpan.FromMilliseconds((wait + 999) / 1_000);
        nap = nap < LongestNap ? nap : LongestNap;
        if (_timer is not null)
        {
            _timer.Change(nap, Timeout.InfiniteTimeSpan);
            return;
        }

        // The timer outlives whatever the first who waits carries along.
        using (ExecutionContext.SuppressFlow())
            _timer = _time.CreateTimer(static state => ((GateLimiter<TGate>)state!).Wake(), this, nap, Timeout.InfiniteTimeSpan);
    }

    private void Wake()
    {
        lock (_lock)
        {
            _wakesAt = NotSet;
            if (!_isDisposed)
                Serve(Now);
        }
    }

    private void Cancel(Waiter waiter, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (waiter.Place.List is null)
                return;
            Leave(waiter);

            // It may have held up those behind it.
            Serve(Now);
        }

        waiter.TrySetCanceled(cancellationToken);
    }

    private Waiter Leave(Waiter waiter)
    {
        _queue.Remove(waiter.Place);
        _queued -= waiter.Cost;
        return waiter;
    }

    private RefusedLease Refuse(long now, int cost)
    {
        _failures++;
        if (typeof(TGate) == typeof(HeldGate))
            return new RefusedLease(null);

        // Those who wait go first; together they may want more than the limit ever has, which comes at its rate.
        var wanted = Math.Max(1, cost) + (_isNewestFirst ? 0 : _queued);
        var excess = Math.Max(0, wanted - _gate.MaxCost);
        var wait = _gate.Peek(now, wanted - excess).RetryAfter + ((Int128)excess * _limit.Period / _limit.Permits);
        return new RefusedLease(wait < LongestWait ? TimeSpan.FromMicroseconds((long)wait) : TimeSpan.MaxValue);
    }
}
