using System.Text;

namespace Groundwork.Broker.Tests.Protocol.Generator;

/// <summary>C# as it grows, line by line.</summary>
internal sealed class SourceText
{
    private readonly StringBuilder _text = new();
    private int _indent;

    public SourceText Line(string line = "")
    {
        if (line.Length > 0)
            _text.Append(' ', _indent * 4).Append(line);
        _text.Append('\n');
        return this;
    }

    public void Open(string head)
    {
        Line(head).Line("{");
        _indent++;
    }

    public void Close(string end = "}")
    {
        _indent--;
        Line(end);
    }

    /// <summary>A statement under a condition, if there is one.</summary>
    public void When(string? condition, string statement, string word = "if")
    {
        if (condition is null)
        {
            Line(statement);
            return;
        }

        Line($"{word} ({condition})");
        _indent++;
        Line(statement);
        _indent--;
    }

    /// <summary>A statement under another condition, where the one above does not hold.</summary>
    public void Otherwise(string condition, string statement) => When(condition, statement, "else if");

    public void Summary(string? text)
    {
        if (text is not null)
            Line($"/// <summary>{text}</summary>");
    }

    public override string ToString() => _text.ToString();
}
