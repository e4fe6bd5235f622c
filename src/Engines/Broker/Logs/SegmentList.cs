using System.Collections.Immutable;
using Groundwork.Broker.Storage;

namespace Groundwork.Broker.Logs;

/// <summary>
/// The segments of a log, the oldest first. Changed under the log's lock; whoever reads takes the list as it is at that moment.
/// The folder is looked at when it is first wanted: a log that nobody uses costs nothing at start.
/// </summary>
/// <param name="disk">Where they lie.</param>
/// <param name="folder">Their folder.</param>
/// <param name="trusted">How far a checkpoint says that the last one may be trusted; null where it knows of none.</param>
/// <param name="end">The log's end by that checkpoint.</param>
/// <param name="omits">What a drill takes away.</param>
internal sealed class SegmentList(IDisk disk, string folder, ActiveSegment? trusted, long end, Omissions omits = Omissions.None) : IDisposable
{
    private readonly Lock _lock = new();
    private ImmutableArray<Segment> _segments;

    // Files behind what is trusted, which recovery looks at.
    private SortedSet<long> _untrusted = [];

    /// <summary>All of them; empty where nothing was ever appended.</summary>
    public ImmutableArray<Segment> All
    {
        get
        {
            if (_segments.IsDefault)
                Open();
            return _segments;
        }
    }

    /// <summary>The last one, to which is appended; null where there is none yet.</summary>
    public Segment? Active => All is [.., var last] ? last : null;

    /// <summary>Whether the folder was looked at.</summary>
    public bool IsOpened => !_segments.IsDefault;

    /// <summary>Whether names in the folder changed since it was last synced.</summary>
    public bool HasNewNames { get; set; }

    /// <summary>Whether there is anything behind what a checkpoint covers. It looks at no more than the folder.</summary>
    public bool HasMore => All is var all && (_untrusted.Count > 0 || (all is [.., var last] && last.HasTail()));

    /// <summary>The one that an offset is in; where none is, the first one behind it.</summary>
    public static int Find(ImmutableArray<Segment> all, long offset)
    {
        var (low, high) = (0, all.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (all[middle].BaseOffset <= offset)
                low = middle + 1;
            else
                high = middle;
        }

        return Math.Max(0, low - 1);
    }

    /// <summary>Begins a segment; the one before it is sealed.</summary>
    public Segment Roll(long baseOffset, long now)
    {
        Active?.Seal();
        if (All.Length == 0)
            disk.CreateFolder(folder);
        var next = new Segment(disk, folder, baseOffset, omits) { Since = now };
        _segments = All.Add(next);
        HasNewNames = true;
        return next;
    }

    /// <summary>Goes on in a file that was left behind what is trusted, if one begins at that offset.</summary>
    public Segment? RollInto(long baseOffset, long now)
    {
        _ = All;
        return _untrusted.Remove(baseOffset) ? Roll(baseOffset, now) : null;
    }

    /// <summary>Recovery is at its end: files that it did not take are removed.</summary>
    public int DropUntrusted()
    {
        _ = All;
        var dropped = _untrusted.Count;
        foreach (var offset in _untrusted)
            new Segment(disk, folder, offset).Delete();
        _untrusted = [];
        HasNewNames |= dropped > 0;
        return dropped;
    }

    /// <summary>Removes the oldest segments, as many as asked for.</summary>
    public void DropOldest(int count)
    {
        var dropped = All[..count];
        _segments = All[count..];
        foreach (var segment in dropped)
            segment.Delete();
    }

    public void Dispose()
    {
        if (_segments.IsDefault)
            return;
        foreach (var segment in _segments)
            segment.Dispose();
    }

    private void Open()
    {
        lock (_lock)
        {
            if (!_segments.IsDefault)
                return;
            var found = new SortedSet<long>(disk.List(folder).Select(Segment.Offset).OfType<long>());
            var segments = ImmutableArray.CreateBuilder<Segment>();
            foreach (var offset in found.Where(offset => trusted is not null && offset <= trusted.BaseOffset))
            {
                var segment = new Segment(disk, folder, offset, omits);
                if (offset == trusted!.BaseOffset)
                    segment.Trust(trusted.Size, trusted.IndexLines, trusted.LatestTimestamp);
                else
                    segment.TrustAll();
                segment.Since = trusted.Since;
                segments.Add(segment);
            }

            _untrusted = [.. found.Where(offset => trusted is null || offset > trusted.BaseOffset)];

            // All that the checkpoint knew was deleted since, and what came behind it is there.
            if (segments.Count == 0 && _untrusted.Count > 0 && _untrusted.Min >= end)
            {
                segments.Add(new Segment(disk, folder, _untrusted.Min, omits));
                _ = _untrusted.Remove(_untrusted.Min);
            }

            _segments = segments.ToImmutable();
        }
    }
}
