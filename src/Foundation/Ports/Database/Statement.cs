namespace Groundwork.Ports.Database;

/// <summary>
/// One SQL statement, made once (<c>static readonly</c>) and prepared once a connection.
/// </summary>
/// <remarks>
/// <para>The SQL is what SQLite and PostgreSQL share: arguments are <c>$1</c>, <c>$2</c>, … in the order of
/// <see cref="Command.Arguments"/>; <c>insert … on conflict … returning</c>; columns of type <c>bigint</c>, <c>text</c>,
/// <c>double precision</c> and bytes. Times are milliseconds since 1970 UTC in a <c>bigint</c>.</para>
/// <para>Where the two differ, a token stands in the text and each engine puts its own words there; the tokens are listed in
/// <see cref="SqlTokens"/>.</para>
/// </remarks>
public sealed class Statement(string sql)
{
    private StatementSummary? _summary;

    /// <summary>The text, tokens included.</summary>
    public string Sql { get; } = sql;

    /// <summary>
    /// Whether it is a <c>select</c> that finds at most one row by a unique key, and so takes no longer than that, whatever the
    /// arguments. An engine on a network may then send those of several callers together; nothing else changes.
    /// </summary>
    public bool FindsOne { get; init; }

    /// <summary>What it does, in two words; made when first asked for.</summary>
    public StatementSummary Summary => _summary ??= StatementSummary.Of(Sql);

    /// <inheritdoc/>
    public override string ToString() => Sql;
}

/// <summary>The tokens that stand in statements and migrations where SQLite and PostgreSQL differ.</summary>
public static class SqlTokens
{
    /// <summary>A table's 64-bit key: the row id itself in SQLite, <c>bigint primary key</c> in PostgreSQL.</summary>
    public const string RowId = "{rowid}";

    /// <summary>The type of a column of bytes: <c>blob</c> or <c>bytea</c>.</summary>
    public const string Bytes = "{bytes}";

    /// <summary>At the end of a <c>select</c> that claims rows: passes over those that another claims (<c>for update skip
    /// locked</c>); nothing in SQLite, which has one writer.</summary>
    public const string SkipLocked = "{skip_locked}";

    /// <summary>Replaces every token by an engine's own words.</summary>
    public static string Replace(string sql, string rowId, string bytes, string skipLocked) => sql
        .Replace(RowId, rowId, StringComparison.Ordinal)
        .Replace(Bytes, bytes, StringComparison.Ordinal)
        .Replace(SkipLocked, skipLocked, StringComparison.Ordinal);
}

/// <summary>A statement with its arguments, and the key by which its rows are spread over nodes.</summary>
/// <param name="Statement">What to run.</param>
/// <param name="Key">The value of the table's distribution key. Statements that cross it (a listing, a sweep) say
/// <see cref="AnyKey"/>, and never stand on a hot path.</param>
/// <param name="Arguments">The values of <c>$1</c>, <c>$2</c>, …</param>
public readonly record struct Command(Statement Statement, string Key, params DbValue[] Arguments)
{
    /// <summary>The key of a statement that concerns no single key.</summary>
    public const string AnyKey = "";
}
