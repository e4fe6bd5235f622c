using System.Collections;
using System.Data.Common;
using System.Text;
using SQLitePCL;

namespace Groundwork.Sqlite;

/// <summary>
/// The current row of a statement, as <c>map</c> sees it: the four kinds of value that the port stores.
/// </summary>
/// <remarks>
/// As strict as PostgreSQL's driver, where SQLite would convert whatever it is asked for: reading a null, or a value of
/// another kind, throws <see cref="InvalidCastException"/>; so code that was only ever run on SQLite runs there too. The
/// session moves from row to row; a map that kept the row would see the next one, or nothing.
/// </remarks>
internal sealed class SqliteRow(sqlite3_stmt statement) : DbDataReader
{
    public override int FieldCount => raw.sqlite3_column_count(statement);

    public override int Depth => 0;

    public override bool HasRows => true;

    public override bool IsClosed => false;

    public override int RecordsAffected => -1;

    public override object this[int ordinal] => GetValue(ordinal);

    public override object this[string name] => GetValue(GetOrdinal(name));

    public override bool IsDBNull(int ordinal) => KindOf(ordinal) == raw.SQLITE_NULL;

    public override long GetInt64(int ordinal)
    {
        Expect(ordinal, raw.SQLITE_INTEGER);
        return raw.sqlite3_column_int64(statement, ordinal);
    }

    public override int GetInt32(int ordinal) => checked((int)GetInt64(ordinal));

    public override short GetInt16(int ordinal) => checked((short)GetInt64(ordinal));

    public override byte GetByte(int ordinal) => checked((byte)GetInt64(ordinal));

    public override bool GetBoolean(int ordinal) => GetInt64(ordinal) != 0;

    public override double GetDouble(int ordinal)
    {
        Expect(ordinal, raw.SQLITE_FLOAT);
        return raw.sqlite3_column_double(statement, ordinal);
    }

    public override float GetFloat(int ordinal) => (float)GetDouble(ordinal);

    public override string GetString(int ordinal)
    {
        Expect(ordinal, raw.SQLITE_TEXT);
        return Encoding.UTF8.GetString(raw.sqlite3_column_blob(statement, ordinal));
    }

    public override object GetValue(int ordinal) => KindOf(ordinal) switch
    {
        raw.SQLITE_INTEGER => GetInt64(ordinal),
        raw.SQLITE_FLOAT => GetDouble(ordinal),
        raw.SQLITE_TEXT => GetString(ordinal),
        raw.SQLITE_BLOB => raw.sqlite3_column_blob(statement, ordinal).ToArray(),
        _ => DBNull.Value,
    };

    public override T GetFieldValue<T>(int ordinal) =>
        typeof(T) == typeof(byte[]) && KindOf(ordinal) == raw.SQLITE_BLOB
            ? (T)(object)raw.sqlite3_column_blob(statement, ordinal).ToArray()
            : base.GetFieldValue<T>(ordinal);

    public override int GetValues(object[] values)
    {
        var count = Math.Min(values.Length, FieldCount);
        for (var i = 0; i < count; i++)
            values[i] = GetValue(i);
        return count;
    }

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length)
    {
        Expect(ordinal, raw.SQLITE_BLOB);
        var bytes = raw.sqlite3_column_blob(statement, ordinal);
        if (buffer is null)
            return bytes.Length;
        var count = (int)Math.Clamp(bytes.Length - dataOffset, 0, length);
        if (count > 0)
            bytes.Slice((int)dataOffset, count).CopyTo(buffer.AsSpan(bufferOffset));
        return count;
    }

    public override string GetName(int ordinal) => raw.sqlite3_column_name(statement, ordinal).utf8_to_string();

    public override int GetOrdinal(string name)
    {
        for (var i = 0; i < FieldCount; i++)
        {
            if (GetName(i).Equals(name, StringComparison.OrdinalIgnoreCase))
                return i;
        }

        throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such column.");
    }

    public override string GetDataTypeName(int ordinal) => KindOf(ordinal) switch
    {
        raw.SQLITE_INTEGER => "bigint",
        raw.SQLITE_FLOAT => "double precision",
        raw.SQLITE_TEXT => "text",
        raw.SQLITE_BLOB => "blob",
        _ => "null",
    };

    public override Type GetFieldType(int ordinal) => KindOf(ordinal) switch
    {
        raw.SQLITE_INTEGER => typeof(long),
        raw.SQLITE_FLOAT => typeof(double),
        raw.SQLITE_TEXT => typeof(string),
        raw.SQLITE_BLOB => typeof(byte[]),
        _ => typeof(DBNull),
    };

    public override bool Read() => throw Unsupported();

    public override bool NextResult() => throw Unsupported();

    public override IEnumerator GetEnumerator() => throw Unsupported();

    public override char GetChar(int ordinal) => throw Unsupported();

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) => throw Unsupported();

    public override DateTime GetDateTime(int ordinal) => throw Unsupported();

    public override decimal GetDecimal(int ordinal) => throw Unsupported();

    public override Guid GetGuid(int ordinal) => throw Unsupported();

    private static NotSupportedException Unsupported() => new(
        "A map reads one row, of integers, numbers, strings and bytes; times are integers, the rest is text.");

    private int KindOf(int ordinal) => raw.sqlite3_column_type(statement, ordinal);

    private void Expect(int ordinal, int kind)
    {
        if (KindOf(ordinal) != kind)
            throw new InvalidCastException($"Column {ordinal} ({GetName(ordinal)}) is {GetDataTypeName(ordinal)}.");
    }
}
