using System.Buffers.Text;
using System.Runtime.InteropServices;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Values;

/// <summary>
/// Strings: in the entry as they are, as a whole number of 8 bytes, or in chunks where they are long.
/// </summary>
/// <remarks>All of it under the shard's lock.</remarks>
internal static unsafe class Texts
{
    /// <summary>The longest string, as Redis' <c>proto-max-bulk-len</c> by default.</summary>
    public const long MaxBytes = 512L << 20;

    /// <summary>The longest text of a whole number of 64 bits.</summary>
    public const int MaxIntegerBytes = 20;

    // Two entries to a page; what is larger would waste up to half of one.
    private const int MaxEntryBytes = 8192;

    /// <summary>Whether a form is a string's.</summary>
    public static bool Is(ValueForm form) => form <= ValueForm.LargeText;

    /// <summary>Puts a string under a key, in the place of whatever is there; use and time to live of an entry that is there stay.</summary>
    public static void Set(Shard shard, ref Found found, int database, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long deadline, uint use)
    {
        var (form, length) = FormOf(key, value, deadline >= 0, out var number);
        if (found.Exists)
        {
            shard.Release(ref found);
            shard.Reshape(ref found, length, keep: false, deadline);
        }
        else
        {
            shard.Create(ref found, database, key, form, length, deadline, use);
        }

        found.Entry->Form = form;
        switch (form)
        {
            case ValueForm.Integer:
                MemoryMarshal.Write(found.Value, number);
                break;
            case ValueForm.LargeText:
                var large = ChunkedBytes.Create(shard.Chunks);
                large.SetLength(shard.Chunks, value.Length);
                large.Write(shard.Chunks, 0, value);
                ChunkedBytes.In(found.Value) = large;
                break;
            default:
                value.CopyTo(found.Value);
                break;
        }
    }

    /// <summary>The length of a string in bytes.</summary>
    public static long Length(Found found) => found.Form switch
    {
        ValueForm.Integer => IntegerLength(MemoryMarshal.Read<long>(found.Value)),
        ValueForm.LargeText => ChunkedBytes.In(found.Value).Length,
        _ => found.Entry->ValueLength,
    };

    /// <summary>Copies a part of a string, which must be there.</summary>
    public static void Read(Shard shard, Found found, long offset, Span<byte> target)
    {
        switch (found.Form)
        {
            case ValueForm.Integer:
                Span<byte> text = stackalloc byte[MaxIntegerBytes];
                Utf8Formatter.TryFormat(MemoryMarshal.Read<long>(found.Value), text, out _);
                text.Slice((int)offset, target.Length).CopyTo(target);
                break;
            case ValueForm.LargeText:
                ChunkedBytes.In(found.Value).Read(shard.Chunks, offset, target);
                break;
            default:
                found.Value.Slice((int)offset, target.Length).CopyTo(target);
                break;
        }
    }

    /// <summary>Writes a part of a string over what is there; zeros fill the gap behind its old end.</summary>
    public static void Write(Shard shard, ref Found found, long offset, ReadOnlySpan<byte> source)
    {
        var end = Math.Max(Length(found), offset + source.Length);
        SetLength(shard, ref found, end);
        if (found.Form == ValueForm.LargeText)
            ChunkedBytes.In(found.Value).Write(shard.Chunks, offset, source);
        else
            source.CopyTo(found.Value[(int)offset..]);
    }

    /// <summary>The number that a string is.</summary>
    /// <returns>False where it is none of 64 bits.</returns>
    public static bool TryReadInteger(Found found, out long number)
    {
        if (found.Form == ValueForm.Integer)
        {
            number = MemoryMarshal.Read<long>(found.Value);
            return true;
        }

        number = 0;
        return found.Form == ValueForm.Text && IntegerText.TryParse(found.Value, out number);
    }

    /// <summary>Puts a number in the place of the string that is there.</summary>
    public static void SetInteger(Shard shard, ref Found found, long number)
    {
        if (found.Form != ValueForm.Integer)
        {
            shard.Resize(ref found, sizeof(long), keep: false);
            found.Entry->Form = ValueForm.Integer;
        }

        MemoryMarshal.Write(found.Value, number);
    }

    /// <summary>Makes an entry with a copy of a string.</summary>
    public static void Copy(
        Shard from, Found source, Shard to, ref Found target, int database, ReadOnlySpan<byte> key, long deadline, uint use)
    {
        // Nothing moves within a command: the source's bytes are good until it is changed itself.
        if (source.Form == ValueForm.Text)
        {
            Set(to, ref target, database, key, source.Value, deadline, use);
            return;
        }

        if (source.Form == ValueForm.Integer)
        {
            var number = MemoryMarshal.Read<long>(source.Value);
            to.Create(ref target, database, key, ValueForm.Integer, sizeof(long), deadline, use);
            MemoryMarshal.Write(target.Value, number);
            return;
        }

        var length = Length(source);
        var copy = ChunkedBytes.Create(to.Chunks);
        copy.SetLength(to.Chunks, length);
        Span<byte> part = stackalloc byte[ChunkedBytes.ChunkBytes];
        for (var at = 0L; at < length; at += part.Length)
        {
            var some = part[..(int)Math.Min(part.Length, length - at)];
            Read(from, source, at, some);
            copy.Write(to.Chunks, at, some);
        }

        to.Create(ref target, database, key, ValueForm.LargeText, ChunkedBytes.RootBytes, deadline, use);
        ChunkedBytes.In(target.Value) = copy;
    }

    /// <summary>Gives back what is kept outside the entry.</summary>
    public static void Release(Shard shard, Entry* entry)
    {
        if (entry->Form == ValueForm.LargeText)
            ChunkedBytes.In(Entry.ValueSpan(entry)).Free(shard.Chunks);
    }

    private static (ValueForm Form, int Length) FormOf(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool expires, out long number)
    {
        if (IntegerText.TryParse(value, out number))
            return (ValueForm.Integer, sizeof(long));
        return Entry.BytesFor(key.Length, value.Length, expires) <= MaxEntryBytes
            ? (ValueForm.Text, value.Length)
            : (ValueForm.LargeText, ChunkedBytes.RootBytes);
    }

    private static void SetLength(Shard shard, ref Found found, long length)
    {
        if (found.Form == ValueForm.Integer)
            MakeText(shard, ref found);
        if (found.Form == ValueForm.Text)
        {
            var old = found.Entry->ValueLength;
            if (Entry.BytesFor(found.Entry->KeyLength, (int)Math.Min(length, MaxEntryBytes), found.Entry->Expires) <= MaxEntryBytes)
            {
                shard.Resize(ref found, (int)length);
                if (length > old)
                    found.Value[old..].Clear();
                return;
            }

            var large = ChunkedBytes.Create(shard.Chunks);
            large.SetLength(shard.Chunks, old);
            large.Write(shard.Chunks, 0, found.Value);
            shard.Resize(ref found, ChunkedBytes.RootBytes, keep: false);
            found.Entry->Form = ValueForm.LargeText;
            ChunkedBytes.In(found.Value) = large;
        }

        ChunkedBytes.In(found.Value).SetLength(shard.Chunks, length);
    }

    private static void MakeText(Shard shard, ref Found found)
    {
        Span<byte> text = stackalloc byte[MaxIntegerBytes];
        Utf8Formatter.TryFormat(MemoryMarshal.Read<long>(found.Value), text, out var length);
        shard.Resize(ref found, length, keep: false);
        text[..length].CopyTo(found.Value);
        found.Entry->Form = ValueForm.Text;
    }

    private static int IntegerLength(long number)
    {
        Span<byte> text = stackalloc byte[MaxIntegerBytes];
        Utf8Formatter.TryFormat(number, text, out var length);
        return length;
    }
}
