using System.Globalization;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Tests.Protocol.Generator;

/// <summary>Reads the table's notation, which is described beside it: <c>src/Engines/Broker/Protocol/Schema/README.md</c>.</summary>
internal sealed class SchemaReader
{
    private readonly string _file;
    private readonly Queue<Line> _lines;
    private readonly List<string> _notes = [];

    private SchemaReader(string file, string text)
    {
        _file = file;
        _lines = new Queue<Line>(text.Split('\n').Select(Line.Parse).Where(l => l.Words.Length > 0 || l.Comment is not null));
    }

    /// <summary>Reads a file of the table.</summary>
    public static Schema Read(string path) => Read(Path.GetFileName(path), File.ReadAllText(path));

    public static Schema Read(string file, string text) => new SchemaReader(file, text).Read();

    private Schema Read()
    {
        var head = new Dictionary<string, string[]>();
        while (_lines.Peek() is var line && line.Words is not ["request"] and not ["fields"])
        {
            _lines.Dequeue();
            if (line.Words.Length == 0)
                _notes.Add(line.Comment!);
            else
                head.Add(line.Words[0], line.Words[1..]);
        }

        var isApi = head.TryGetValue("api", out var api);
        var name = isApi ? api![1] : head["data"][0];
        var versions = Range(head["versions"][0], short.MaxValue);
        var messages = new List<Structure>();
        while (_lines.Count > 0)
            messages.Add(Message(isApi ? name : null, isApi ? null : name, versions));
        return new Schema(
            name,
            _file,
            isApi ? short.Parse(api![0], CultureInfo.InvariantCulture) : null,
            versions,
            head.TryGetValue("served", out var served) ? Range(served[0], versions.To) : null,
            head.TryGetValue("advertised", out var advertised) ? Range(advertised[0], versions.To) : null,
            head["flexible"][0] == "none" ? null : Range(head["flexible"][0], versions.To).From,
            _notes,
            messages);
    }

    private Structure Message(string? api, string? data, VersionRange versions)
    {
        var head = _lines.Dequeue();
        var name = head.Words switch
        {
            ["request"] => api + "Request",
            ["response"] => api + "Response",
            ["fields"] => data,
            _ => throw Wrong(head, "a message begins with request, response or fields"),
        };
        var fields = Fields(2, versions);
        var shared = new List<Structure>();
        while (_lines.TryPeek(out var next) && next.Words is ["struct", _])
        {
            _lines.Dequeue();
            shared.Add(new Structure(next.Words[1], next.Comment, versions, Fields(2, versions), []));
        }

        return new Structure(name!, head.Comment, versions, fields, shared);
    }

    private List<Field> Fields(int indent, VersionRange parent)
    {
        var fields = new List<Field>();
        while (_lines.TryPeek(out var line) && line.Indent == indent)
            fields.Add(Field(_lines.Dequeue(), parent));
        if (_lines.TryPeek(out var deeper) && deeper.Indent > indent)
            throw Wrong(deeper, $"the indent is {deeper.Indent}, and {indent} was expected");
        return fields;
    }

    private Field Field(Line line, VersionRange parent)
    {
        var words = new Queue<string>(line.Words);
        var name = words.Dequeue();
        var type = words.Dequeue();
        var versions = words.TryPeek(out var word) && char.IsAsciiDigit(word[0]) ? Range(words.Dequeue(), parent.To) : parent;
        if (versions.From < parent.From || versions.To > parent.To || versions.From > versions.To)
            throw Wrong(line, $"{name} exists in {versions}, and what it is in, in {parent}");
        string? value = null;
        int? tag = null;
        var ignorable = false;
        while (words.TryDequeue(out word))
        {
            switch (word)
            {
                case "=": value = words.Dequeue(); break;
                case "tag": tag = int.Parse(words.Dequeue(), CultureInfo.InvariantCulture); break;
                case "ignorable": ignorable = true; break;
                default: throw Wrong(line, $"{word} is not known");
            }
        }

        var isArray = type.StartsWith("[]", StringComparison.Ordinal);
        var parts = type[(isArray ? 2 : 0)..].Split('?');
        VersionRange? nullable = parts.Length == 1 ? null : parts[1].Length == 0 ? versions : Range(parts[1], versions.To);
        var structure = _lines.TryPeek(out var next) && next.Indent == line.Indent + 2
            ? new Structure(parts[0], null, versions, Fields(line.Indent + 2, versions), [])
            : null;
        return new Field(name, parts[0], isArray, versions, nullable, value, tag, ignorable, line.Comment, structure);
    }

    private static VersionRange Range(string text, short latest)
    {
        if (text.EndsWith('+'))
            return new VersionRange(Number(text[..^1]), latest);
        var ends = text.Split('-');
        return new VersionRange(Number(ends[0]), Number(ends[^1]));
    }

    private static short Number(string text) => short.Parse(text, CultureInfo.InvariantCulture);

    private InvalidDataException Wrong(Line line, string what) => new($"{_file}, at \"{string.Join(' ', line.Words)}\": {what}.");

    private sealed record Line(int Indent, string[] Words, string? Comment)
    {
        public static Line Parse(string text)
        {
            var hash = text.IndexOf('#', StringComparison.Ordinal);
            var content = hash < 0 ? text : text[..hash];
            return new Line(
                content.Length - content.TrimStart().Length,
                content.Split(' ', StringSplitOptions.RemoveEmptyEntries),
                hash < 0 ? null : text[(hash + 1)..].Trim());
        }
    }
}
