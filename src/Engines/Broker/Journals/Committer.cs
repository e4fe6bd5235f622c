namespace Groundwork.Broker.Journals;

/// <summary>
/// Group commit: one thread that writes to the journal what came while it was writing, so that a sync is shared by all who wait
/// for one. Under a single producer a round is one batch and costs one sync; under many it grows by itself. Safe for concurrent callers.
/// </summary>
/// <remarks>
/// <para>Entries of one log keep their order when they are added under the log's lock. This lock is taken inside of that one, and
/// nothing is called under it.</para>
/// <para>Bounds: a round holds 16 MiB (<see cref="JournalFrame.MaxContentBytes"/>) or 16,384 entries; what waits is bounded by those
/// who add, who ask <see cref="HasRoom"/> first and wait for <see cref="RoomAsync"/>.</para>
/// <para>A failed sync is final (what it covered may or may not be on the disk, and the next one would say that all is well):
/// from then on everything fails.</para>
/// </remarks>
internal sealed class Committer : IAsyncDisposable
{
    /// <summary>How much may wait to be written.</summary>
    public const long MaxPendingBytes = 64 << 20;

    private readonly Lock _lock = new();
    private readonly Journal _journal;
    private readonly Action<ulong> _turned;
    private readonly Queue<Round> _rounds = new();
    private readonly SemaphoreSlim _work = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private Round? _open;
    private Round? _writing;
    private long _pendingBytes;
    private long _begun;
    private volatile Exception? _failure;
    private bool _ended;
    private bool _isDisposed;

    /// <param name="journal">Written by this from now on, and by nobody else.</param>
    /// <param name="turned">Called when one of the journal's halves is full; see <see cref="Journal.Write"/>.</param>
    public Committer(Journal journal, Action<ulong> turned)
    {
        (_journal, _turned) = (journal, turned);
        _thread = new Thread(Run) { IsBackground = true, Name = "broker journal" };
        _thread.Start();
    }

    /// <summary>How many rounds were made durable.</summary>
    public long Rounds { get; private set; }

    /// <summary>Why nothing is accepted any more; null while all is well.</summary>
    public Exception? Failure => _failure;

    /// <summary>Whether more may be added now.</summary>
    public bool HasRoom => Volatile.Read(ref _pendingBytes) < MaxPendingBytes;

    /// <summary>Waits until more may be added.</summary>
    public async ValueTask RoomAsync(CancellationToken cancellationToken)
    {
        while (!HasRoom)
        {
            Task next;
            lock (_lock)
                next = (_writing ?? (_rounds.Count > 0 ? _rounds.Peek() : null))?.Durable ?? Task.CompletedTask;
            await next.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Adds an entry to the round that is being collected.</summary>
    /// <returns>The round: durable with everything in it.</returns>
    /// <exception cref="JournalFailedException">An earlier write failed.</exception>
    public Round Add(in JournalEntry entry, IJournaled owner, long nextOffset)
    {
        Round round;
        var isNew = false;
        lock (_lock)
        {
            if (_failure is { } failure)
                throw new JournalFailedException(failure);
            ObjectDisposedException.ThrowIf(_ended, this);
            if (_open is null || _open.Entries.Count == JournalFrame.MaxEntries
                || (_open.Entries.Count > 0 && _open.ContentBytes + entry.Content.Length > JournalFrame.MaxContentBytes))
            {
                _rounds.Enqueue(_open = new Round(++_begun));
                isNew = true;
            }

            round = _open;
            round.Add(entry, owner, nextOffset);
            _pendingBytes += entry.Content.Length;
        }

        if (isNew)
            _work.Release();
        return round;
    }

    /// <summary>Accepts nothing more: something that a checkpoint needed failed.</summary>
    public void Fail(Exception failure)
    {
        lock (_lock)
        {
            _failure ??= failure;
            if (!_isDisposed)
                _stop.Cancel();
        }
    }

    /// <summary>Writes what was added, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_ended)
                return;
            _ended = true;
        }

        _work.Release();
        await Task.Run(_thread.Join);
        _work.Dispose();
        lock (_lock)
        {
            _isDisposed = true;
            _stop.Dispose();
        }
    }

    private void Run()
    {
        while (true)
        {
            _work.Wait();
            Round? round;
            lock (_lock)
            {
                if (!_rounds.TryDequeue(out round))
                    return; // only the end leaves a token without a round
                _writing = round;
                if (_open == round)
                    _open = null;
            }

            Write(round);
        }
    }

    private void Write(Round round)
    {
        try
        {
            if (_failure is null)
                _journal.Write(round.Entries, round.ContentBytes, _turned, _stop.Token);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            lock (_lock)
                _failure ??= e;
        }

        lock (_lock)
        {
            _writing = null;
            _pendingBytes -= round.ContentBytes;
        }

        if (_failure is { } failure)
        {
            round.Fail(failure);
            return;
        }

        Rounds++;
        round.Complete();
    }
}
