namespace Groundwork.Ports.Database;

/// <summary>What kind of value a <see cref="DbValue"/> holds.</summary>
public enum DbValueKind : byte
{
    /// <summary>SQL's null.</summary>
    Null,

    /// <summary>A 64-bit integer: numbers, booleans (0 and 1), times (milliseconds since 1970 UTC).</summary>
    Integer,

    /// <summary>A double-precision number.</summary>
    Real,

    /// <summary>A string.</summary>
    Text,

    /// <summary>Bytes.</summary>
    Bytes,
}

/// <summary>An argument of a statement: one of the five kinds that every engine stores the same way. Never boxes.</summary>
public readonly struct DbValue : IEquatable<DbValue>
{
    private readonly long _bits;
    private readonly object? _reference;

    private DbValue(DbValueKind kind, long bits, object? reference) => (Kind, _bits, _reference) = (kind, bits, reference);

    /// <summary>SQL's null.</summary>
    public static DbValue Null => default;

    /// <summary>Which of the accessors holds the value.</summary>
    public DbValueKind Kind { get; }

    /// <summary>The integer; meaningful when <see cref="Kind"/> says so.</summary>
    public long Integer => _bits;

    /// <summary>The number; meaningful when <see cref="Kind"/> says so.</summary>
    public double Real => BitConverter.Int64BitsToDouble(_bits);

    /// <summary>The string; meaningful when <see cref="Kind"/> says so.</summary>
    public string Text => (string)_reference!;

    /// <summary>The bytes; meaningful when <see cref="Kind"/> says so.</summary>
    public byte[] Bytes => (byte[])_reference!;

    /// <summary>An integer.</summary>
    public static implicit operator DbValue(long value) => new(DbValueKind.Integer, value, null);

    /// <summary>An integer or null.</summary>
    public static implicit operator DbValue(long? value) => value is { } v ? v : Null;

    /// <summary>A boolean, as 0 or 1.</summary>
    public static implicit operator DbValue(bool value) => value ? 1L : 0L;

    /// <summary>A number.</summary>
    public static implicit operator DbValue(double value) => new(DbValueKind.Real, BitConverter.DoubleToInt64Bits(value), null);

    /// <summary>A string or null.</summary>
    public static implicit operator DbValue(string? value) => value is null ? Null : new(DbValueKind.Text, 0, value);

    /// <summary>Bytes or null.</summary>
    public static implicit operator DbValue(byte[]? value) => value is null ? Null : new(DbValueKind.Bytes, 0, value);

    /// <summary>A time, as milliseconds since 1970 UTC.</summary>
    public static implicit operator DbValue(DateTimeOffset value) => value.ToUnixTimeMilliseconds();

    /// <summary>A time or null.</summary>
    public static implicit operator DbValue(DateTimeOffset? value) => value is { } v ? v : Null;

    /// <inheritdoc/>
    public bool Equals(DbValue other) => Kind == other.Kind && _bits == other._bits && Equals(_reference, other._reference);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DbValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, _bits, _reference);

    /// <summary>Whether two values are the same.</summary>
    public static bool operator ==(DbValue left, DbValue right) => left.Equals(right);

    /// <summary>Whether two values differ.</summary>
    public static bool operator !=(DbValue left, DbValue right) => !left.Equals(right);
}
