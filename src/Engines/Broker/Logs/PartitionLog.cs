using Groundwork.Broker.Journals;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Records;

namespace Groundwork.Broker.Logs;

/// <summary>
/// One partition's log: an ordered sequence of batches that is appended to at its end and read from any offset on.
/// </summary>
/// <remarks>
/// <para>An append checks the batch, gives it its offsets in place, writes it to the active segment without a sync and hands it to
/// the <see cref="Committer"/>. Readers see it once the journal's sync has made it durable (<see cref="HighWatermark"/>): what was
/// read is never lost.</para>
/// <para>Invariants: <c>StartOffset ≤ HighWatermark ≤ EndOffset</c>; the last stable offset is the high watermark as long as there are no
/// transactions; offsets have no gaps but where damage was found.</para>
/// <para>Thread-safety: one lock for what changes it, which is held during a write to the page cache and never across a sync; reading takes
/// no lock. Lock order: the log's, then the committer's.</para>
/// <para>It is long because append, read, retention, checkpoint and recovery are all about the same four numbers and one lock; what has a state of its
/// own (segments, producers, epochs, those who wait) is in types of its own.</para>
/// </remarks>
internal sealed class PartitionLog : IJournaled, IDisposable
{
    private readonly Lock _lock = new();
    private readonly SegmentList _segments;
    private readonly ProducerTable _producers = new();
    private readonly EpochHistory _epochs = new();
    private readonly LogWatchers _watchers = new();
    private readonly LogContext _context;
    private List<Segment> _dirty = [];
    private LogState _state;
    private long _start;
    private long _end;
    private long _durable;
    private Round? _lastRound;
    private volatile BatchFault? _stopped;
    private volatile bool _removed;

    /// <param name="place">Which log it is.</param>
    /// <param name="state">What a checkpoint says of it; null where it says nothing.</param>
    /// <param name="context">What it stands on.</param>
    public PartitionLog(LogPlace place, LogState? state, LogContext context)
    {
        (Place, Settings, _context) = (place, place.Settings, context);
        _state = state ?? new LogState(place.Id, 0, 0, null, [], []);
        (_start, _end, _durable) = (_state.Start, _state.End, _state.End);
        _segments = new SegmentList(context.Disk, place.Folder, _state.Active, _end, context.Omits);
        foreach (var producer in _state.Producers)
            _producers.Restore(producer.Copy());
        _epochs.Restore(_state.Epochs);
    }

    /// <summary>Which log it is.</summary>
    public LogPlace Place { get; }

    /// <summary>What is set of it; may be replaced while it is used.</summary>
    public LogSettings Settings { get; set; }

    /// <summary>The epoch of its leader, which is this node.</summary>
    public int LeaderEpoch { get; set; }

    /// <summary>Its first offset.</summary>
    public long StartOffset => Volatile.Read(ref _start);

    /// <summary>The offset behind its last record, also if that is not durable yet.</summary>
    public long EndOffset => Volatile.Read(ref _end);

    /// <summary>The offset behind its last durable record: up to here it may be read.</summary>
    public long HighWatermark => Volatile.Read(ref _durable);

    /// <summary>The offset before which no transaction is open.</summary>
    public long LastStableOffset => HighWatermark;

    /// <summary>How many bytes its segments have.</summary>
    public long Size => _segments.All.Sum(segment => segment.Size);

    /// <summary>Whether anything of it is open: of one that is not, nothing is known without looking at its folder.</summary>
    public bool IsUsed => _segments.IsOpened;

    /// <summary>Why nothing is appended to it any more; null while all is well.</summary>
    public BatchFault? Stopped => _stopped;

    /// <summary>How much comes and goes.</summary>
    public LogTraffic Traffic { get; } = new();

    /// <summary>With what all that it has now becomes durable; null where it is.</summary>
    public Round? Pending
    {
        get
        {
            lock (_lock)
                return _durable < _end ? _lastRound : null;
        }
    }

    /// <summary>Who is told when there is more to read.</summary>
    public LogWatchers Watchers => _watchers;

    /// <summary>Whether it changed since its state was last taken.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>Appends one batch that <see cref="BatchCheck"/> has found right; its offsets are set in place.</summary>
    /// <param name="batch">It may not be changed until its round is done.</param>
    public AppendResult Append(Memory<byte> batch)
    {
        var view = new RecordBatch(batch.Span);
        if (batch.Length > Settings.MaxMessageBytes)
            return AppendResult.Refused(new(ErrorCode.MessageTooLarge, $"A batch of {batch.Length} bytes is longer than max.message.bytes, {Settings.MaxMessageBytes}."));
        if (batch.Length > Settings.SegmentBytes)
            return AppendResult.Refused(new(ErrorCode.RecordListTooLarge, $"A batch of {batch.Length} bytes is longer than segment.bytes, {Settings.SegmentBytes}."));
        var now = _context.Now();
        if (!Settings.IsStamped && CheckTime(view.MaxTimestamp, now) is { } late)
            return AppendResult.Refused(late);
        lock (_lock)
        {
            if (_stopped is { } stopped)
                return AppendResult.Refused(stopped);
            if (view.ProducerId >= 0)
            {
                if (_producers.Check(view, out var duplicate) is { } fault)
                    return AppendResult.Refused(fault);

                // What it repeats may not be durable yet: the answer waits for that, or for what came later.
                if (duplicate is { } known)
                    return new AppendResult(known.BaseOffset, RecordBatch.None, known.LastOffset >= _durable ? _lastRound : null, null);
            }

            try
            {
                return AppendPlaced(batch, now);
            }
            catch (JournalFailedException e)
            {
                return AppendResult.Refused(Stop(e.Message));
            }
            catch (IOException e)
            {
                // Its segment's end is where it was: whatever was written there is written over. A full disk may have room again.
                _context.Report(Place, $"A batch could not be written: {e.Message}");
                return AppendResult.Refused(new(ErrorCode.KafkaStorageError, e.Message));
            }
        }
    }

    /// <summary>Reads batches from an offset on, up to what is durable.</summary>
    /// <param name="offset">The first offset that is wanted.</param>
    /// <param name="maxBytes">How many bytes, at most.</param>
    /// <param name="oversizeFirst">Whether one batch is returned also if it is longer than that, so that nobody is stuck before it.</param>
    public LogRead Read(long offset, int maxBytes, bool oversizeFirst)
    {
        var end = HighWatermark;
        if (offset < StartOffset || offset > EndOffset)
            return LogRead.OutOfRange(offset, StartOffset, EndOffset);
        var all = _segments.All;
        for (var i = SegmentList.Find(all, offset); offset < end && i < all.Length; i++)
        {
            LogRead read;
            try
            {
                read = all[i].Read(offset, maxBytes, i + 1 < all.Length ? Math.Min(end, all[i + 1].BaseOffset) : end, oversizeFirst);
            }
            catch (ObjectDisposedException)
            {
                return LogRead.OutOfRange(offset, StartOffset, EndOffset); // retention took it just now
            }

            if (read.Fault is not null)
                _context.Report(Place, read.Fault.Message);
            if (!read.IsBehind)
                return read;
        }

        return LogRead.Empty;
    }

    /// <summary>The first record of a time or later; null where there is none.</summary>
    public (long Timestamp, long Offset)? FindTime(long timestamp)
    {
        var end = HighWatermark;
        foreach (var segment in _segments.All)
        {
            if (segment.LatestTimestamp < timestamp)
                continue;
            using var found = segment.FindTime(timestamp, end);
            if (found is null)
                continue;
            foreach (var record in BatchReader.Read(found.Batches))
            {
                if (record.Timestamp >= timestamp && record.Offset >= StartOffset)
                    return (record.Timestamp, record.Offset);
            }
        }

        return null;
    }

    /// <summary>The latest time in it, in milliseconds since 1970; -1 of none.</summary>
    public long LatestTimestamp => _segments.All is { Length: > 0 } all ? all.Max(segment => segment.LatestTimestamp) : RecordBatch.None;

    /// <summary>The largest leader's epoch up to one, and the offset behind its last record; (-1, -1) where there is none.</summary>
    public (int Epoch, long EndOffset) EndOfEpoch(int epoch)
    {
        lock (_lock)
            return epoch == LeaderEpoch ? (epoch, _end) : _epochs.EndOf(epoch, _end);
    }

    /// <summary>Now, by the log's clock, in milliseconds since 1970.</summary>
    public long Now() => _context.Now();

    /// <summary>When retention by time takes the record of an offset, in milliseconds since 1970; null where it never does.</summary>
    public long? OutlivedAt(long offset)
    {
        if (Settings.RetentionMs < 0 || _segments.All is not { Length: > 0 } all)
            return null;
        var segment = all[SegmentList.Find(all, offset)];
        return (segment.LatestTimestamp >= 0 ? segment.LatestTimestamp : segment.Since) + Settings.RetentionMs;
    }

    /// <summary>Copies of what is known of its idempotent producers now.</summary>
    public IReadOnlyList<ProducerState> Producers()
    {
        lock (_lock)
            return [.. _producers.All.Select(producer => producer.Copy())];
    }

    /// <summary>Moves the log's start; what is before it is gone for readers at once, and its segments with the next sweep. Completes when that is durable.</summary>
    /// <remarks>What was acknowledged can be deleted, also what is not durable yet (acks=1): that is waited for first.</remarks>
    /// <param name="offset">Up to the high watermark; -1 for that itself.</param>
    /// <param name="cancellationToken">Ends the wait; what was begun becomes durable all the same.</param>
    /// <returns>Where the log begins now.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The offset is behind the high watermark.</exception>
    public async Task<long> DeleteBeforeAsync(long offset, CancellationToken cancellationToken = default)
    {
        if (Pending is { } pending)
            await pending.Durable.WaitAsync(cancellationToken);
        if (BeginDeletion(offset) is { } round)
            await round.Durable.WaitAsync(cancellationToken);
        return StartOffset;
    }

    /// <summary>How many records the next sweep would take by other settings.</summary>
    public long OutlivedBy(LogSettings settings)
    {
        lock (_lock)
        {
            var (all, outlived) = (_segments.All, Outlived(settings, _context.Now()));
            var start = outlived < all.Length ? all[outlived].BaseOffset : _durable;
            return Math.Max(0, start - _start);
        }
    }

    /// <summary>Removes segments that are older, or make the log longer, than its settings keep; forgets idle producers.</summary>
    /// <returns>How many segments went.</returns>
    public int Sweep(TimeSpan forgetProducersAfter)
    {
        lock (_lock)
        {
            var now = _context.Now();
            _producers.Forget(now - (long)forgetProducersAfter.TotalMilliseconds);
            var drop = Outlived(Settings, now);
            if (drop == 0)
                return 0;

            // The active one goes by beginning another.
            if (drop == _segments.All.Length)
                _ = Roll(now);
            MoveStart(Math.Max(_start, _segments.All[drop].BaseOffset));
            _dirty.RemoveAll(segment => segment.BaseOffset < _segments.All[drop].BaseOffset);
            _segments.DropOldest(drop);
            return drop;
        }
    }

    /// <summary>
    /// Takes its state for a checkpoint, and syncs its segments: the state holds once this has returned. That of a log that did not
    /// change is the one before, so that nothing gets in that was not synced. One at a time.
    /// </summary>
    /// <exception cref="IOException">A sync failed; the log takes nothing more.</exception>
    public LogState Checkpoint()
    {
        LogState state;
        List<Segment> dirty;
        bool syncFolder;
        lock (_lock)
        {
            if (!IsDirty)
                return _state;
            IsDirty = false;
            (dirty, _dirty) = (_dirty, []);
            (syncFolder, _segments.HasNewNames) = (_segments.HasNewNames, false);
            state = TakeState();
        }

        try
        {
            foreach (var segment in dirty)
                segment.Sync();
            if (syncFolder)
                _context.Disk.SyncFolder(Place.Folder);
        }
        catch (Exception e) when (e is ObjectDisposedException || (e is IOException && _removed))
        {
            // Retention took a segment meanwhile, or the log was deleted.
        }
        catch (IOException e)
        {
            Stop(e.Message);
            throw;
        }

        return _state = state;
    }

    /// <summary>Takes an entry of the journal, at start, before anybody uses the log.</summary>
    public void Replay(in JournalEntry entry)
    {
        IsDirty = true;
        if (entry.Kind == EntryKind.Start)
        {
            MoveStart(Math.Max(_start, Math.Min(entry.Offset, _end)));
            return;
        }

        if (entry.Offset < _end)
            return;

        // What damage took from the journal may be whole in the log.
        while (entry.Offset > _end && TakeBehind())
        {
        }

        if (entry.Offset > _end)
        {
            if (_segments.All.Length > 0 && _segments.All[0].BaseOffset > _end && _segments.All[0].BaseOffset <= entry.Offset)
                _start = _segments.All[0].BaseOffset;
            else
                _context.Report(Place, $"Records {_end} to {entry.Offset - 1} are neither in the log nor in the journal.");
            _end = entry.Offset;
        }

        var batch = entry.Content.Span;
        var interval = Settings.IndexIntervalBytes;
        var active = _segments.Active ?? RollInto(_context.Now()) ?? Roll(_context.Now());
        if (!active.TryAccept(batch, interval))
        {
            if (RollInto(_context.Now()) is { } next)
                active = next;
            else if (active.Size + batch.Length > Settings.SegmentBytes && active.Size > 0)
                active = Roll(_context.Now());
            if (!active.TryAccept(batch, interval))
            {
                _ = active.CutTail();
                active.Append(batch, interval);
            }
        }

        Took(active, new RecordBatch(batch), _context.Now());
    }

    /// <summary>After the journal's last entry: takes intact batches that lie behind it and cuts off what is none.</summary>
    public void FinishRecovery()
    {
        if (_segments.HasMore)
            IsDirty = true;
        while (_segments.HasMore)
        {
            if (TakeBehind())
                continue;
            if (_segments.Active?.CutTail() is > 0 and var cut)
            {
                _context.Report(Place, $"A torn tail of {cut} bytes behind offset {_end} was cut off: it was never acknowledged.");
            }
            else if (RollInto(_context.Now()) is null)
            {
                if (_segments.DropUntrusted() is > 0 and var dropped)
                    _context.Report(Place, $"{dropped} segments that do not follow on offset {_end} were removed.");
            }
        }

        if (_segments.IsOpened && _segments.All is [var first, ..])
            _start = Math.Max(_start, Math.Min(first.BaseOffset, _end));
        Volatile.Write(ref _durable, _end);
    }

    void IJournaled.Durable(long nextOffset)
    {
        Volatile.Write(ref _durable, Math.Max(_durable, nextOffset));
        _watchers.Signal();
    }

    public void Dispose()
    {
        _removed = true;
        lock (_lock)
            _segments.Dispose();

        // Nothing will grow here any more: who waits for it looks again, and finds no such log.
        _watchers.Signal();
    }

    private Round? BeginDeletion(long offset)
    {
        lock (_lock)
        {
            if (offset == RecordBatch.None)
                offset = _durable;
            ArgumentOutOfRangeException.ThrowIfNegative(offset);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, _durable);
            if (offset <= _start)
                return null;
            MoveStart(offset);
            return _context.Committer.Add(new JournalEntry(EntryKind.Start, Place.Id, offset, LeaderEpoch, default), this, _durable);
        }
    }

    private AppendResult AppendPlaced(Memory<byte> batch, long now)
    {
        var length = batch.Length;
        var active = _segments.Active;
        if (active is null || (active.Size > 0 && (active.Size + length > Settings.SegmentBytes || now - active.Since >= Settings.SegmentMs)))
            active = Roll(now);
        RecordBatch.Place(batch.Span, _end, LeaderEpoch);
        if (Settings.IsStamped)
            RecordBatch.Stamp(batch.Span, now);
        active.Append(batch.Span, Settings.IndexIntervalBytes);
        var view = new RecordBatch(batch.Span);
        var first = _end;
        Took(active, view, now);
        Traffic.Came(length);
        _lastRound = _context.Committer.Add(new JournalEntry(EntryKind.Batch, Place.Id, first, LeaderEpoch, batch), this, _end);
        return new AppendResult(first, Settings.IsStamped ? now : RecordBatch.None, _lastRound, null);
    }

    // Takes the intact batch that lies behind the end, if one does.
    private bool TakeBehind()
    {
        if (_segments.Active?.ReadBehind(_end, Math.Max(Settings.MaxMessageBytes, JournalFrame.MaxContentBytes)) is not { } batch)
            return false;
        _ = _segments.Active.TryAccept(batch, Settings.IndexIntervalBytes);
        Took(_segments.Active, new RecordBatch(batch), _context.Now());
        return true;
    }

    private void Took(Segment segment, in RecordBatch batch, long now)
    {
        if (_dirty.Count == 0 || _dirty[^1] != segment)
            _dirty.Add(segment);
        IsDirty = true;
        if (batch.ProducerId >= 0)
            _producers.Add(batch, now);
        _epochs.Add(batch.LeaderEpoch, batch.BaseOffset);
        Volatile.Write(ref _end, batch.NextOffset);
    }

    private LogState TakeState()
    {
        if (!_segments.IsOpened)
            return _state;
        var active = _segments.Active;
        return new LogState(
            Place.Id, _start, _end,
            active is null ? null : new ActiveSegment(active.BaseOffset, active.Size, active.IndexLines, active.LatestTimestamp, active.Since),
            [.. _epochs.Starts],
            _context.Omits.HasFlag(Omissions.CheckpointedProducers) ? [] : [.. _producers.All.Select(producer => producer.Copy())]);
    }

    private Segment? RollInto(long now)
    {
        Sealing();
        return _segments.RollInto(_end, now);
    }

    private Segment Roll(long now)
    {
        Sealing();
        return _segments.Roll(_end, now);
    }

    // The active segment's index gets its last line, which is to be on the disk before all of it is trusted.
    private void Sealing()
    {
        if (_segments.Active is { } active && (_dirty.Count == 0 || _dirty[^1] != active))
            _dirty.Add(active);
    }

    private BatchFault? CheckTime(long timestamp, long now)
    {
        if (timestamp == RecordBatch.None)
            return null;
        if (timestamp - now > Settings.TimestampAfterMaxMs)
            return new(ErrorCode.InvalidTimestamp, $"A record's time is {timestamp - now} ms ahead; message.timestamp.after.max.ms is {Settings.TimestampAfterMaxMs}.");
        return now - timestamp > Settings.TimestampBeforeMaxMs
            ? new(ErrorCode.InvalidTimestamp, $"A record's time is {now - timestamp} ms ago; message.timestamp.before.max.ms is {Settings.TimestampBeforeMaxMs}.")
            : null;
    }

    // How many of the first segments are not kept. What is not durable yet is never among them.
    private int Outlived(LogSettings settings, long now)
    {
        var (all, size, count) = (_segments.All, Size, 0);
        for (; count < all.Length && IsOutlived(all[count], settings, size, now); count++)
            size -= all[count].Size;
        return count == all.Length && _durable != _end ? Math.Max(0, count - 1) : count;
    }

    private bool IsOutlived(Segment segment, LogSettings settings, long sizeFromHere, long now)
    {
        if (segment.BaseOffset + 1 > _durable || segment.Size == 0)
            return false;
        var latest = segment.LatestTimestamp >= 0 ? segment.LatestTimestamp : segment.Since;
        var next = _segments.All is var all && SegmentList.Find(all, segment.BaseOffset) + 1 is var at && at < all.Length ? all[at].BaseOffset : _end;
        return (settings.RetentionMs >= 0 && now - latest > settings.RetentionMs)
            || (settings.RetentionBytes >= 0 && sizeFromHere - segment.Size >= settings.RetentionBytes)
            || next <= _start;
    }

    private void MoveStart(long offset)
    {
        IsDirty = true;
        Volatile.Write(ref _start, offset);
        _epochs.StartAt(offset);
    }

    private BatchFault Stop(string reason)
    {
        if (_stopped is null)
        {
            _stopped = new BatchFault(ErrorCode.KafkaStorageError, reason);
            _context.Report(Place, reason);
        }

        return _stopped;
    }
}
