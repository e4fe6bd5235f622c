namespace Groundwork.Ports.Database;

/// <summary>What a statement does and to which table, for people who read traces: <c>INSERT links</c>. Immutable.</summary>
/// <param name="Operation">The statement's verb, in capitals; that of the statement behind a <c>with</c>.</param>
/// <param name="Table">The first table that it names; null where it names none.</param>
public sealed record StatementSummary(string Operation, string? Table)
{
    /// <summary>Understands the SQL that this program writes; of any other it makes something short, and never fails.</summary>
    public static StatementSummary Of(string sql)
    {
        ArgumentNullException.ThrowIfNull(sql);
        var words = Words(sql);
        var verb = words.FindIndex(w => w.Depth == 0 && w.Text is "select" or "insert" or "update" or "delete");
        if (verb < 0)
            return new(words.Count == 0 ? "" : words[0].Text.ToUpperInvariant(), null);
        var operation = words[verb].Text;
        var before = operation switch { "insert" => "into", "update" => "update", _ => "from" };

        // What follows a parenthesis is no table: from (select … from links) looks at links.
        var at = words.FindIndex(verb, w => w.Text == before && w.IsBeforeName);
        return new(operation.ToUpperInvariant(), at < 0 || at + 1 == words.Count ? null : words[at + 1].Text);
    }

    /// <inheritdoc/>
    public override string ToString() => Table is null ? Operation : $"{Operation} {Table}";

    private static List<Word> Words(string sql)
    {
        var words = new List<Word>();
        var depth = 0;
        for (var at = 0; at < sql.Length; at++)
        {
            if (IsOfName(sql[at]))
            {
                var end = at + 1;
                while (end < sql.Length && IsOfName(sql[end]))
                    end++;
                var next = end;
                while (next < sql.Length && char.IsWhiteSpace(sql[next]))
                    next++;
                words.Add(new(sql[at..end].ToLowerInvariant(), depth, next < sql.Length && IsOfName(sql[next])));
                at = end - 1;
            }
            else
            {
                depth += sql[at] switch { '(' => 1, ')' => -1, _ => 0 };
            }
        }

        return words;
    }

    private static bool IsOfName(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private readonly record struct Word(string Text, int Depth, bool IsBeforeName);
}
