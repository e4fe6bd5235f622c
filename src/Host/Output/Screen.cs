using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Groundwork.Platform.Http;
using Spectre.Console;

namespace Groundwork.Host.Output;

/// <summary>
/// Where a command's results go: colours and bold type on a terminal, the same lines without them anywhere else.
/// </summary>
internal sealed class Screen
{
    // Where nobody looks, nothing is wrapped: a line is for a program to read.
    private const int Unwrapped = 10_000;

    private static readonly JsonSerializerOptions Json = new(HttpJson.Options)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly TextWriter _output;
    private readonly bool _isTerminal;
    private readonly Lazy<IAnsiConsole> _console;

    public Screen(TextWriter output)
    {
        _output = output;
        _isTerminal = output == System.Console.Out && !System.Console.IsOutputRedirected;
        _console = new(CreateConsole);
    }

    /// <summary>The screen of a command that was parsed.</summary>
    public static Screen Of(ParseResult parsed) => new(parsed.InvocationConfiguration.Output);

    /// <summary>A line as it is.</summary>
    public void Line(string text = "") => _output.WriteLine(text);

    /// <summary>A line with marks (<c>[bold]…[/]</c>), in which values stand escaped, whatever their type.</summary>
    /// <remarks>A server writes these too, mostly to a log: it does not load a console's tables of colours and symbols to leave them out.</remarks>
    public void Marked(FormattableString line)
    {
        if (_isTerminal)
            _console.Value.MarkupLine(line.ToString(EscapedValues.Instance));
        else
            _output.WriteLine(string.Format(CultureInfo.InvariantCulture, WithoutMarks(line.Format), line.GetArguments()));
    }

    /// <summary>Rows under headings; marks in the cells count.</summary>
    public void Table(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (var heading in headings)
            table.AddColumn(new TableColumn($"[bold]{Markup.Escape(heading)}[/]").NoWrap().PadRight(2));
        foreach (var row in rows)
            table.AddRow([.. row]);
        _console.Value.Write(table);
    }

    /// <summary>A listing: as JSON, as rows under headings, or what to do where there is nothing.</summary>
    public void List<T>(bool json, IReadOnlyList<T> items, string whereNone, IReadOnlyList<string> headings, Func<T, IReadOnlyList<string>> row)
    {
        if (json)
            WriteJson(items);
        else if (items.Count == 0)
            Line(whereNone);
        else
            Table(headings, items.Select(row));
    }

    /// <summary>A value as JSON.</summary>
    public void WriteJson<T>(T value) => _output.WriteLine(JsonSerializer.Serialize(value, Json));

    private IAnsiConsole CreateConsole()
    {
        var target = new AnsiConsoleOutput(_output);
        if (_isTerminal)
            return AnsiConsole.Create(new AnsiConsoleSettings { Out = target });

        var plain = AnsiConsole.Create(new AnsiConsoleSettings { Out = target, Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
        plain.Profile.Width = Unwrapped;
        return plain;
    }

    // What is between brackets, but for a bracket that is written twice and stands for itself.
    private static string WithoutMarks(string format)
    {
        var plain = new StringBuilder(format.Length);
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] is '[' or ']' && i + 1 < format.Length && format[i + 1] == format[i])
                plain.Append(format[i++]);
            else if (format[i] == '[')
                i = format.IndexOf(']', i);
            else
                plain.Append(format[i]);
        }

        return plain.ToString();
    }

    /// <summary>Escapes what stands in a line with marks. The console's own way escapes strings only, and an address has brackets too.</summary>
    private sealed class EscapedValues : IFormatProvider, ICustomFormatter
    {
        public static readonly EscapedValues Instance = new();

        public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : null;

        public string Format(string? format, object? arg, IFormatProvider? formatProvider) => Markup.Escape(
            (arg is IFormattable value ? value.ToString(format, CultureInfo.InvariantCulture) : arg?.ToString()) ?? "");
    }
}
