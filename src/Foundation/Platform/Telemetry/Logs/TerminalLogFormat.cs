using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Telemetry;

/// <summary>Short lines for people: local time, level, who, what; an exception below it.</summary>
/// <remarks>What is logged may come from a caller, so control characters, which a terminal would obey, are shown as dots.</remarks>
internal sealed class TerminalLogFormat(bool colours) : ILogFormat
{
    private const string Reset = "\e[0m";

    public byte[] Write(in LogEntry entry)
    {
        var (word, colour) = entry.Level switch
        {
            LogLevel.Trace => ("trace", "\e[2m"),
            LogLevel.Debug => ("debug", "\e[2m"),
            LogLevel.Information => ("info ", "\e[32m"),
            LogLevel.Warning => ("warn ", "\e[33m"),
            LogLevel.Error => ("ERROR", "\e[31m"),
            _ => ("FATAL", "\e[1;31m"),
        };
        var line = new StringBuilder();
        line.Append(entry.Time.LocalDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture)).Append(' ');
        line.Append(colours ? colour : "").Append(word).Append(colours ? Reset : "").Append(' ');
        AppendPlain(line, entry.Category[(entry.Category.LastIndexOf('.') + 1)..], keepLines: false);
        line.Append(": ");
        AppendPlain(line, entry.Message, keepLines: false);
        line.Append('\n');
        if (entry.Exception is not null)
        {
            AppendPlain(line.Append("    "), entry.Exception.ToString().ReplaceLineEndings("\n    "), keepLines: true);
            line.Append('\n');
        }

        return Encoding.UTF8.GetBytes(line.ToString());
    }

    private static void AppendPlain(StringBuilder line, string text, bool keepLines)
    {
        foreach (var c in text)
            line.Append(char.IsControl(c) && !(keepLines && c == '\n') ? '·' : c);
    }
}
