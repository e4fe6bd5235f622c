using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Groundwork.Platform.Http;
using Groundwork.Primitives;

namespace Groundwork.Links.Import;

/// <summary>Rows as CSV: the header says what the fields are. An empty field says nothing.</summary>
internal sealed class CsvRows : IRowFormat
{
    private static readonly string[] Names =
        ["long_url", "custom_alias", "ttl", "expires_at", "redirect", "forward_query", "owner", "tags", "title"];

    private static readonly string[] Times = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    // Where each of the names stands among the fields; -1 where it does not.
    private readonly int[] _places;
    private readonly int _count;
    private readonly List<string> _fields = [];

    private CsvRows(int[] places, int count) => (_places, _count) = (places, count);

    /// <summary>Reads the header.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> record, [NotNullWhen(true)] out CsvRows? rows, [NotNullWhen(false)] out ProblemResult? problem)
    {
        rows = null;
        var header = new List<string>();
        problem = CsvFields.TryRead(record, header) ? null : BadQuotes;
        var places = new int[Names.Length];
        Array.Fill(places, -1);
        for (var i = 0; i < header.Count && problem is null; i++)
        {
            var name = header[i].Trim();
            if (Array.IndexOf(Names, name) is not (var known and >= 0))
                problem = LinksProblems.Invalid(null, $"The header has a column that is not known. {Hint(name)}");
            else if (places[known] >= 0)
                problem = LinksProblems.Invalid(name, $"The header has the column {name} twice.");
            else
                places[known] = i;
        }

        if (problem is null && places[0] < 0)
            problem = LinksProblems.Invalid("long_url", "The header must have the column long_url.");
        if (problem is null)
            rows = new CsvRows(places, header.Count);
        return rows is not null;
    }

    public bool TryRead(ReadOnlySpan<byte> record, [NotNullWhen(true)] out CreateLink? row, [NotNullWhen(false)] out ProblemResult? problem)
    {
        row = null;
        if (!CsvFields.TryRead(record, _fields))
            problem = BadQuotes;
        else if (_fields.Count != _count)
            problem = LinksProblems.Invalid(null, $"The row has {_fields.Count} fields; the header has {_count}. A field with a comma in it stands in quotes.");
        else if (!TryReadNumber(Field(2), out var ttl))
            problem = LinksProblems.Invalid("ttl", "ttl must be a whole number of seconds.");
        else if (!TryReadTime(Field(3), out var expiresAt))
            problem = LinksProblems.Invalid("expires_at", "expires_at must be a time such as 2026-01-31T12:00:00Z.");
        else if (!TryReadNumber(Field(4), out var redirect) || redirect is < 0 or > 999)
            problem = LinksProblems.Invalid("redirect", "redirect must be 301, 302, 307 or 308.");
        else if (!TryReadBoolean(Field(5), out var forwardQuery))
            problem = LinksProblems.Invalid("forward_query", "forward_query must be true or false.");
        else
        {
            problem = null;
            row = new CreateLink(
                Field(0), Field(1), ttl, expiresAt, (int?)redirect, forwardQuery, Field(6),
                Field(7)?.Split([';', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), Field(8), Dedupe: true);
        }

        return row is not null;
    }

    private string? Field(int name) => _places[name] is var place and >= 0 && _fields[place] is { Length: > 0 } text ? text : null;

    private static bool TryReadNumber(string? text, out long? number)
    {
        number = text is not null && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;
        return number is not null || text is null;
    }

    private static bool TryReadTime(string? text, out DateTimeOffset? time)
    {
        time = text is not null && DateTimeOffset.TryParseExact(
            text, Times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var value) ? value : null;
        return time is not null || text is null;
    }

    private static bool TryReadBoolean(string? text, out bool? value)
    {
        value = text switch { "true" or "TRUE" or "True" => true, "false" or "FALSE" or "False" => false, _ => null };
        return value is not null || text is null;
    }

    private static string Hint(string name) => EditDistance.Nearest(name, Names) is { } nearest
        ? $"Did you mean {nearest}?"
        : $"The first line names the columns; they are {string.Join(", ", Names)}.";

    private static ProblemResult BadQuotes => LinksProblems.Invalid(null, "A quote stands where none may: a field with quotes in it stands in quotes itself, with each of them doubled.");
}
