namespace Groundwork.Platform.Telemetry;

/// <summary>Where log entries are written, and how.</summary>
/// <param name="Stream">Owned by the queue that writes to it.</param>
/// <param name="Format">One entry as bytes, its line end included.</param>
internal sealed record LogOutput(Stream Stream, ILogFormat Format)
{
    /// <summary>Standard error: lines for people on a terminal, JSON for programs elsewhere.</summary>
    public static LogOutput StandardError() => new(
        Console.OpenStandardError(),
        Console.IsErrorRedirected ? new JsonLogFormat() : new TerminalLogFormat(colours: Environment.GetEnvironmentVariable("NO_COLOR") is null or ""));
}

/// <summary>Writes one entry. Safe for concurrent use.</summary>
internal interface ILogFormat
{
    byte[] Write(in LogEntry entry);
}
