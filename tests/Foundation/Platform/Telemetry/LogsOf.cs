using System.Text;
using System.Text.Json;
using Groundwork.Platform.Telemetry;

namespace Groundwork.Platform.Tests;

/// <summary>Where a test reads what was logged.</summary>
internal sealed class LogsOf : MemoryStream
{
    private readonly Lock _gate = new();

    /// <summary>A place for logs that nobody reads.</summary>
    public static LogOutput Nowhere() => new(Null, new JsonLogFormat());

    public LogOutput AsJson() => new(this, new JsonLogFormat());

    /// <summary>Every entry; asked for once the queue is disposed.</summary>
    public IReadOnlyList<JsonElement> Entries =>
        [.. Encoding.UTF8.GetString(ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonSerializer.Deserialize<JsonElement>(l))];

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_gate)
            base.Write(buffer);
    }
}
