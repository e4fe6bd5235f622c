using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Telemetry;

/// <summary>
/// Writes log entries on a thread of its own, so that a slow terminal, a full pipe or a dead collector never holds up a
/// request.
/// </summary>
/// <remarks>
/// <para>Bound: <see cref="MaxQueuedBytes"/> wait to be written. What comes beyond is dropped and counted; as soon as there is
/// room, an entry says how many, and <c>groundwork.logs.dropped</c> counts them too. An entry longer than
/// <see cref="MaxEntryBytes"/> is dropped the same way.</para>
/// <para>Safe for concurrent use. <see cref="Dispose"/> writes what waits, for <see cref="Patience"/> at most.</para>
/// </remarks>
internal sealed class LogQueue : IDisposable
{
    /// <summary>How much may wait.</summary>
    public const int MaxQueuedBytes = 4 << 20;

    /// <summary>How long one entry may be.</summary>
    public const int MaxEntryBytes = 256 << 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly LogOutput _output;
    private readonly TimeProvider _time;
    private readonly Meter _meter = new("Groundwork.Telemetry");
    private readonly Counter<long> _droppedTotal;
    private readonly Thread _writer;
    private readonly object _gate = new();
    private List<byte[]> _waiting = [];
    private int _waitingBytes;
    private long _dropped;
    private bool _closed;

    public LogQueue(LogOutput output, TimeProvider time)
    {
        (_output, _time) = (output, time);
        _droppedTotal = _meter.CreateCounter<long>("groundwork.logs.dropped", "{entry}", "Log entries that were not written.");
        _writer = new Thread(WriteAll) { IsBackground = true, Name = "log writer" };
        _writer.Start();
    }

    /// <summary>Leaves an entry to be written; never waits.</summary>
    public void Add(in LogEntry entry)
    {
        var line = _output.Format.Write(entry);
        lock (_gate)
        {
            if (!_closed && line.Length <= MaxEntryBytes && _waitingBytes + line.Length <= MaxQueuedBytes)
            {
                _waiting.Add(line);
                _waitingBytes += line.Length;
                Monitor.Pulse(_gate);
                return;
            }

            _dropped++;
        }

        _droppedTotal.Add(1);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
            Monitor.Pulse(_gate);
        }

        // A writer that hangs on its stream is left behind; it is a background thread.
        if (_writer.Join(Patience))
            _output.Stream.Dispose();
        _meter.Dispose();
    }

    private void WriteAll()
    {
        var lines = new List<byte[]>();
        while (Take(ref lines) is { } dropped)
        {
            try
            {
                foreach (var line in lines)
                    _output.Stream.Write(line);
                if (dropped > 0)
                    _output.Stream.Write(_output.Format.Write(Dropped(dropped)));
                _output.Stream.Flush();
            }
            catch (IOException)
            {
                // Nobody reads any more; there is nowhere left to say so but the count.
                _droppedTotal.Add(lines.Count);
            }

            lines.Clear();
        }
    }

    // Waits for lines and takes all there are; returns how many were dropped before them, or null at the end.
    private long? Take(ref List<byte[]> lines)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && _dropped == 0)
            {
                if (_closed)
                    return null;
                Monitor.Wait(_gate);
            }

            (lines, _waiting) = (_waiting, lines);
            _waitingBytes = 0;
            var dropped = _dropped;
            _dropped = 0;
            return dropped;
        }
    }

    private LogEntry Dropped(long count) => new(
        _time.GetUtcNow(), LogLevel.Warning, "Groundwork.Telemetry", $"{count} log entries were dropped: they came faster than they are read.",
        [new("Dropped", count)], null, null);
}
