using System.Globalization;

namespace Groundwork.Platform.Telemetry.Recent;

/// <summary>
/// Reads the text format of Prometheus (version 0.0.4) line by line, without allocating for a line. Not for concurrent use.
/// </summary>
/// <remarks>Reads what our own exporter writes; a line that it cannot read is passed over.</remarks>
internal ref struct Exposition(ReadOnlySpan<char> text)
{
    private ReadOnlySpan<char> _rest = text;

    /// <summary>What the line is.</summary>
    public ExpositionLine Line { get; private set; }

    /// <summary>The family that a comment is about, or a sample's name and labels as they stand.</summary>
    public ReadOnlySpan<char> Key { get; private set; }

    /// <summary>A comment's text.</summary>
    public ReadOnlySpan<char> Comment { get; private set; }

    /// <summary>A sample's value.</summary>
    public double Value { get; private set; }

    /// <summary>Goes to the next line that says something; false at the end.</summary>
    public bool Read()
    {
        while (_rest.Length > 0)
        {
            var end = _rest.IndexOf('\n');
            var line = (end < 0 ? _rest : _rest[..end]).TrimEnd('\r');
            _rest = end < 0 ? [] : _rest[(end + 1)..];
            if (line.StartsWith("# TYPE ") ? Take(line[7..], ExpositionLine.Type)
                : line.StartsWith("# HELP ") ? Take(line[7..], ExpositionLine.Help)
                : line.Length > 0 && line[0] != '#' && TakeSample(line))
                return true;
        }

        return false;
    }

    /// <summary>A sample's name: its key without the labels.</summary>
    public static ReadOnlySpan<char> NameOf(ReadOnlySpan<char> key) => key.IndexOf('{') is >= 0 and var at ? key[..at] : key;

    /// <summary>A sample's labels.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> LabelsOf(ReadOnlySpan<char> key)
    {
        var labels = new List<KeyValuePair<string, string>>();
        var at = key.IndexOf('{');
        var rest = at < 0 ? [] : key[(at + 1)..];
        while (rest.IndexOf("=\"") is > 0 and var equals)
        {
            var name = rest[..equals].Trim(" ,").ToString();
            rest = rest[(equals + 2)..];
            var end = EndOfValue(rest);
            labels.Add(new(name, Unescape(rest[..end])));
            rest = rest[Math.Min(end + 1, rest.Length)..];
        }

        return labels;
    }

    private bool Take(ReadOnlySpan<char> text, ExpositionLine line)
    {
        var space = text.IndexOf(' ');
        if (space <= 0)
            return false;
        Line = line;
        Key = text[..space];
        Comment = text[(space + 1)..];
        return true;
    }

    private bool TakeSample(ReadOnlySpan<char> line)
    {
        var labels = line.IndexOf('{');
        var from = 0;
        if (labels >= 0)
        {
            from = labels + 1;
            while (from < line.Length && line[from] != '}')
            {
                var quote = line[from..].IndexOf('"');
                if (quote < 0)
                    break;
                from += quote + 1;
                from += EndOfValue(line[from..]) + 1;
            }
        }

        var space = from < line.Length ? line[from..].IndexOf(' ') : -1;
        if (space < 0)
            return false;
        var rest = line[(from + space + 1)..];
        var end = rest.IndexOf(' ');
        if (!TryValue(end < 0 ? rest : rest[..end], out var value))
            return false;
        Line = ExpositionLine.Sample;
        Key = line[..(from + space)];
        Value = value;
        return true;
    }

    private static bool TryValue(ReadOnlySpan<char> text, out double value)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
            return !double.IsNaN(value);
        value = text switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            _ => double.NaN,
        };
        return !double.IsNaN(value);
    }

    private static int EndOfValue(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == '"')
                return i;
        }

        return text.Length;
    }

    private static string Unescape(ReadOnlySpan<char> value)
    {
        var text = value.ToString();
        return text.Contains('\\', StringComparison.Ordinal)
            ? text.Replace("\\\\", "\u0001", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal)
                .Replace("\\\"", "\"", StringComparison.Ordinal).Replace('\u0001', '\\')
            : text;
    }
}

/// <summary>What a line of the text format is.</summary>
internal enum ExpositionLine
{
    /// <summary>A family's type.</summary>
    Type,

    /// <summary>A family's explanation.</summary>
    Help,

    /// <summary>A value.</summary>
    Sample,
}
