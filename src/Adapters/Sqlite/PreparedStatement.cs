using System.Buffers;
using System.Globalization;
using System.Text;
using Groundwork.Ports.Database;
using SQLitePCL;

namespace Groundwork.Sqlite;

/// <summary>
/// One statement prepared on one connection. Results are SQLite's codes; the session makes exceptions of them.
/// </summary>
/// <remarks>
/// SQLite's own interface, and not the driver's commands: those look up every parameter by name, box every value, make a
/// reader a call, and sleep 150 ms when they find a lock. Without them an insert takes two thirds of the processor time and
/// half the memory.
/// </remarks>
internal sealed class PreparedStatement : IDisposable
{
    private readonly sqlite3_stmt _handle;

    // _arguments[i] is the position of the argument that SQLite's parameter i + 1 takes: it numbers them as they appear.
    private readonly int[] _arguments;

    private PreparedStatement(sqlite3_stmt handle)
    {
        _handle = handle;
        ChangesNothing = raw.sqlite3_stmt_readonly(handle) != 0;
        Row = new SqliteRow(handle);
        _arguments = new int[raw.sqlite3_bind_parameter_count(handle)];
        for (var i = 0; i < _arguments.Length; i++)
        {
            var name = raw.sqlite3_bind_parameter_name(handle, i + 1).utf8_to_string();
            if (name is not ['$', .. var number] || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var position) || position < 1)
                throw new ArgumentException($"A statement's arguments are $1, $2, …, not '{name}'.", nameof(handle));
            _arguments[i] = position - 1;
        }
    }

    /// <summary>Whether it only reads.</summary>
    public bool ChangesNothing { get; }

    /// <summary>The current row, after <see cref="Step"/> returned <c>SQLITE_ROW</c>.</summary>
    public SqliteRow Row { get; }

    /// <summary>When it was last used, by the cache's own count.</summary>
    public long LastUse { get; set; }

    /// <summary>Prepares a statement; null where SQLite refused, with its code.</summary>
    public static PreparedStatement? Prepare(sqlite3 connection, string sql, out int code)
    {
        code = raw.sqlite3_prepare_v3(connection, sql, raw.SQLITE_PREPARE_PERSISTENT, out var handle, out var rest);
        if (code != raw.SQLITE_OK)
            return null;
        try
        {
            if (handle.IsInvalid || !string.IsNullOrWhiteSpace(rest))
                throw new ArgumentException($"This is not one statement: {sql}", nameof(sql));
            return new PreparedStatement(handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Binds the arguments.</summary>
    /// <exception cref="ArgumentException">There are too few.</exception>
    public int Bind(ReadOnlySpan<DbValue> arguments)
    {
        for (var i = 0; i < _arguments.Length; i++)
        {
            if (_arguments[i] >= arguments.Length)
                throw new ArgumentException($"${_arguments[i] + 1} is missing: there are {arguments.Length} arguments.", nameof(arguments));
            var code = Bind(i + 1, in arguments[_arguments[i]]);
            if (code != raw.SQLITE_OK)
                return code;
        }

        return raw.SQLITE_OK;
    }

    /// <summary>Runs up to the next row, or to the end.</summary>
    public int Step() => raw.sqlite3_step(_handle);

    /// <summary>Ends the run, which ends a read's snapshot, and lets go of the arguments.</summary>
    public void Reset()
    {
        _ = raw.sqlite3_reset(_handle);
        _ = raw.sqlite3_clear_bindings(_handle);
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private int Bind(int parameter, in DbValue value) => value.Kind switch
    {
        DbValueKind.Integer => raw.sqlite3_bind_int64(_handle, parameter, value.Integer),
        DbValueKind.Real => raw.sqlite3_bind_double(_handle, parameter, value.Real),
        DbValueKind.Text => BindText(parameter, value.Text),
        // A blob of no bytes would be bound as a null.
        DbValueKind.Bytes => value.Bytes.Length == 0
            ? raw.sqlite3_bind_zeroblob(_handle, parameter, 0)
            : raw.sqlite3_bind_blob(_handle, parameter, value.Bytes),
        _ => raw.sqlite3_bind_null(_handle, parameter),
    };

    private int BindText(int parameter, string text)
    {
        const int OnStack = 512;
        var bound = Encoding.UTF8.GetMaxByteCount(text.Length);
        var rented = bound > OnStack ? ArrayPool<byte>.Shared.Rent(bound) : null;
        try
        {
            // An empty span would be bound as a null.
            Span<byte> utf8 = rented ?? stackalloc byte[OnStack];
            var length = Encoding.UTF8.GetBytes(text, utf8);
            return length == 0 ? raw.sqlite3_bind_text(_handle, parameter, "") : raw.sqlite3_bind_text(_handle, parameter, utf8[..length]);
        }
        finally
        {
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
