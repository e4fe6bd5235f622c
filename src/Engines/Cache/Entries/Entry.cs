using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Groundwork.Cache.Entries;

/// <summary>
/// A key with its value, as its bytes lie in a block (docs/formats/cache-memory.md).
/// </summary>
/// <remarks>
/// <para>Header, 8 bytes: block kind (1), value's form (4 bits) and database (4 bits), key's length (14 bits) with a bit that says
/// whether it expires (2), value's length (4). Where it expires, 16 bytes follow: when, in Unix milliseconds (8), and its
/// neighbours among the timers (4 each). Then the key's bytes, then the value's.</para>
/// <para>Never made, only pointed at; good for as long as its block is.</para>
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = HeaderBytes)]
internal unsafe struct Entry
{
    /// <summary>The longest key in bytes.</summary>
    public const int MaxKeyBytes = 8192;

    private const int HeaderBytes = 8;
    private const int TimerBytes = 16;
    private const ushort ExpiresBit = 1 << 15;
    private const ushort KeyLengthMask = (1 << 14) - 1;

    // The first byte is the block's kind, the heap's.
    [FieldOffset(1)]
    private byte _formAndDatabase;

    [FieldOffset(2)]
    private ushort _keyLength;

    [FieldOffset(4)]
    private int _valueLength;

    /// <summary>How the value's bytes are to be read.</summary>
    public ValueForm Form
    {
        readonly get => (ValueForm)(_formAndDatabase & 15);
        set => _formAndDatabase = (byte)((_formAndDatabase & 0xF0) | (int)value);
    }

    /// <summary>Its database, 0 to 15.</summary>
    public int Database
    {
        readonly get => _formAndDatabase >> 4;
        set => _formAndDatabase = (byte)((_formAndDatabase & 15) | (value << 4));
    }

    /// <summary>Whether it has a time to live.</summary>
    public readonly bool Expires => (_keyLength & ExpiresBit) != 0;

    /// <summary>The key's length in bytes.</summary>
    public readonly int KeyLength => _keyLength & KeyLengthMask;

    /// <summary>The length in bytes of what is here of the value.</summary>
    public int ValueLength
    {
        readonly get => _valueLength;
        set => _valueLength = value;
    }

    /// <summary>What an entry takes.</summary>
    public static int BytesFor(int keyLength, int valueLength, bool expires) =>
        HeaderBytes + (expires ? TimerBytes : 0) + keyLength + valueLength;

    /// <summary>The value's bytes.</summary>
    public static byte* Value(Entry* entry) => Key(entry) + entry->KeyLength;

    /// <summary>The value's bytes.</summary>
    public static Span<byte> ValueSpan(Entry* entry) => new(Value(entry), entry->_valueLength);

    /// <summary>The key's bytes.</summary>
    public static ReadOnlySpan<byte> KeySpan(Entry* entry) => new(Key(entry), entry->KeyLength);

    /// <summary>When it expires, in Unix milliseconds; only where it does.</summary>
    public static ref long Deadline(Entry* entry) => ref *(long*)((byte*)entry + HeaderBytes);

    /// <summary>The next one among the timers; only where it expires.</summary>
    public static ref uint NextTimer(Entry* entry) => ref *(uint*)((byte*)entry + HeaderBytes + 8);

    /// <summary>The one before it among the timers; only where it expires.</summary>
    public static ref uint PreviousTimer(Entry* entry) => ref *(uint*)((byte*)entry + HeaderBytes + 12);

    /// <summary>Writes header and key; the value's length is set, its bytes are not.</summary>
    public static void Write(Entry* entry, int database, ReadOnlySpan<byte> key, ValueForm form, int valueLength, bool expires)
    {
        entry->_formAndDatabase = (byte)((database << 4) | (int)form);
        entry->_keyLength = (ushort)(key.Length | (expires ? ExpiresBit : 0));
        entry->_valueLength = valueLength;
        key.CopyTo(new Span<byte>(Key(entry), key.Length));
    }

    /// <summary>Whether it is the entry of this key in this database.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Is(Entry* entry, int database, ReadOnlySpan<byte> key) =>
        entry->KeyLength == key.Length && entry->Database == database && key.SequenceEqual(KeySpan(entry));

    private static byte* Key(Entry* entry) => (byte*)entry + HeaderBytes + (entry->Expires ? TimerBytes : 0);
}

/// <summary>How a value's bytes are to be read.</summary>
internal enum ValueForm : byte
{
    /// <summary>A string's bytes.</summary>
    Text,

    /// <summary>A string that is a whole number: its 8 bytes.</summary>
    Integer,

    /// <summary>A string in chunks.</summary>
    LargeText,

    /// <summary>A list in one piece.</summary>
    PackedList,

    /// <summary>A list in a tree of chunks.</summary>
    TreeList,

    /// <summary>A hash in one piece.</summary>
    PackedHash,

    /// <summary>A hash in a table of chunks.</summary>
    TableHash,

    /// <summary>A set of whole numbers in one piece, sorted.</summary>
    IntegerSet,

    /// <summary>A set in one piece.</summary>
    PackedSet,

    /// <summary>A set in a table of chunks.</summary>
    TableSet,

    /// <summary>A sorted set in one piece.</summary>
    PackedSortedSet,

    /// <summary>A sorted set in a table and a tree of chunks.</summary>
    TreeSortedSet,
}
