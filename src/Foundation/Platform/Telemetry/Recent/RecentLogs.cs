using System.Globalization;

namespace Groundwork.Platform.Telemetry.Recent;

/// <summary>
/// The last log entries, to be searched by people: a ring in memory, beside what is written to standard error.
/// </summary>
/// <remarks>
/// <para>Bounds: as many bytes as the setting says and <see cref="MaxAge"/>; the oldest go first. An entry's texts are cut at
/// <see cref="MaxText"/> characters, its values at <see cref="MaxValue"/> each and <see cref="MaxValues"/> of them.</para>
/// <para>Safe for concurrent use. Whoever logs never waits for a search: that copies the ring's references and looks through
/// them on its own.</para>
/// </remarks>
public sealed class RecentLogs
{
    /// <summary>How old an entry may be.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromHours(1);

    /// <summary>How much is kept of a message or an exception, in characters.</summary>
    public const int MaxText = 8192;

    /// <summary>How much is kept of a value, in characters.</summary>
    public const int MaxValue = 1024;

    /// <summary>How many values are kept.</summary>
    public const int MaxValues = 32;

    private const string Template = "{OriginalFormat}";

    // What an entry takes beside its texts: the record, its references, the list.
    private const int EntryOverhead = 160;
    private const int TextOverhead = 24;

    private readonly Lock _gate = new();
    private readonly Queue<(RecentLog Entry, int Bytes)> _ring = new();
    private readonly long _maxBytes;
    private readonly TimeProvider _time;
    private long _bytes;
    private long _lastId;

    internal RecentLogs(long maxBytes, TimeProvider time) => (_maxBytes, _time) = (maxBytes, time);

    /// <summary>The id of the newest entry; 0 where there never was one. Moves with every entry.</summary>
    public long LastId => Volatile.Read(ref _lastId);

    /// <summary>How much memory the entries take, about.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>The entries that a query is about, newest first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is out of its range.</exception>
    public RecentPage<RecentLog> Search(LogQuery query)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, LogQuery.MaxLimit);
        (RecentLog Entry, int Bytes)[] all;
        lock (_gate)
        {
            ForgetOld();
            all = [.. _ring];
        }

        var found = new List<RecentLog>();
        for (var i = all.Length - 1; i >= 0; i--)
        {
            var entry = all[i].Entry;
            if (!Matches(entry, query))
                continue;
            if (found.Count == query.Limit)
                return new(found, found[^1].Id);
            found.Add(entry);
        }

        return new(found, null);
    }

    /// <summary>Takes an entry; never waits.</summary>
    internal void Add(in LogEntry entry)
    {
        if (_maxBytes == 0)
            return;
        var values = Values(entry.Values);
        var message = Cut(entry.Message, MaxText);
        var exception = entry.Exception is { } thrown ? Cut(thrown.ToString(), MaxText) : null;
        var bytes = EntryOverhead + Size(message) + Size(exception) + Size(entry.TraceId);
        foreach (var (name, value) in values)
            bytes += Size(value) + TextOverhead + name.Length;

        lock (_gate)
        {
            _ring.Enqueue((new RecentLog(++_lastId, entry.Time, entry.Level, entry.Category, message, values, entry.TraceId, exception), bytes));
            _bytes += bytes;
            while (_bytes > _maxBytes)
                Forget();
            ForgetOld();
        }
    }

    private void ForgetOld()
    {
        var oldest = _time.GetUtcNow() - MaxAge;
        while (_ring.TryPeek(out var first) && first.Entry.Time < oldest)
            Forget();
    }

    private void Forget() => _bytes -= _ring.Dequeue().Bytes;

    private static KeyValuePair<string, string>[] Values(IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        if (values.Count == 0)
            return [];
        var kept = new List<KeyValuePair<string, string>>(Math.Min(values.Count, MaxValues));
        foreach (var (name, value) in values)
        {
            if (kept.Count < MaxValues && name != Template)
                kept.Add(new(name, Cut(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "", MaxValue)));
        }

        return [.. kept];
    }

    private static bool Matches(RecentLog entry, LogQuery query) =>
        entry.Level >= query.MinLevel
        && !(entry.Id >= query.Before)
        && !(entry.Id <= query.After)
        && !(entry.Time < query.From)
        && !(entry.Time >= query.Until)
        && (query.TraceId is null || entry.TraceId == query.TraceId)
        && (query.Category is null || IsOf(entry.Category, query.Category))
        && (query.Text is null || Has(entry, query.Text));

    private static bool IsOf(string category, string beginning) =>
        category.StartsWith(beginning, StringComparison.OrdinalIgnoreCase)
        && (category.Length == beginning.Length || category[beginning.Length] == '.');

    private static bool Has(RecentLog entry, string text) =>
        entry.Message.Contains(text, StringComparison.OrdinalIgnoreCase)
        || entry.Category.Contains(text, StringComparison.OrdinalIgnoreCase)
        || entry.Exception?.Contains(text, StringComparison.OrdinalIgnoreCase) == true
        || entry.Values.Any(v => v.Value.Contains(text, StringComparison.OrdinalIgnoreCase));

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";

    private static int Size(string? text) => text is null ? 0 : TextOverhead + (2 * text.Length);
}
