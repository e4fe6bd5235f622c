using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Groundwork.Ports.Database;
using Npgsql;

namespace Groundwork.Postgres;

/// <summary>PostgreSQL's words for the port's tokens, and its parameters for the port's values. Thread-safe.</summary>
internal static class Sql
{
    private static readonly ConditionalWeakTable<Statement, string> Texts = [];

    /// <summary>A statement's text, its tokens replaced; the same string every time.</summary>
    public static string Text(Statement statement) => Texts.GetValue(statement, static s => Text(s.Sql));

    /// <summary>A text with its tokens replaced.</summary>
    public static string Text(string sql) =>
        SqlTokens.Replace(sql, rowId: "bigint primary key", bytes: "bytea", skipLocked: "for update skip locked");

    /// <summary>A parameter. A null has no type of its own: the server finds it from where it stands.</summary>
    public static NpgsqlParameter Parameter(in DbValue value) => value.Kind switch
    {
        DbValueKind.Integer => new NpgsqlParameter<long> { TypedValue = value.Integer },
        DbValueKind.Real => new NpgsqlParameter<double> { TypedValue = value.Real },
        DbValueKind.Text => new NpgsqlParameter<string> { TypedValue = value.Text },
        DbValueKind.Bytes => new NpgsqlParameter<byte[]> { TypedValue = value.Bytes },
        _ => new NpgsqlParameter { Value = DBNull.Value },
    };

    /// <summary>
    /// Refuses a text that PostgreSQL does not store, or that UTF-8 cannot carry, before anything is sent: the driver would find the
    /// latter only in the middle of a message, at the cost of the connection and of every neighbour in the batch.
    /// </summary>
    /// <exception cref="DatabaseException"><see cref="DatabaseFailure.ConstraintViolation"/>.</exception>
    public static void Check(ReadOnlySpan<DbValue> arguments)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i].Kind == DbValueKind.Text && !IsStorable(arguments[i].Text))
            {
                throw new DatabaseException(
                    DatabaseFailure.ConstraintViolation,
                    $"The text in ${i + 1} holds U+0000 or half a surrogate pair, which PostgreSQL does not store. It was not done.");
            }
        }
    }

    /// <summary>Adds the arguments of a command, which have been checked.</summary>
    public static void Add(NpgsqlParameterCollection parameters, ReadOnlySpan<DbValue> arguments)
    {
        foreach (ref readonly var argument in arguments)
            parameters.Add(Parameter(argument));
    }

    private static bool IsStorable(ReadOnlySpan<char> text)
    {
        if (text.Contains('\0'))
            return false;
        for (var at = text.IndexOfAnyInRange('\ud800', '\udfff'); at >= 0;)
        {
            if (Rune.DecodeFromUtf16(text[at..], out _, out var length) != OperationStatus.Done)
                return false;
            text = text[(at + length)..];
            at = text.IndexOfAnyInRange('\ud800', '\udfff');
        }

        return true;
    }
}
