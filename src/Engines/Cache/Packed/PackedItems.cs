using System.Runtime.CompilerServices;
using Groundwork.Cache.Memory;

namespace Groundwork.Cache.Packed;

/// <summary>
/// Items one after another in one range of bytes that somebody else owns: an entry's value while a collection is small, and a
/// leaf of a tree. It changes bytes in place and says how long the range has become; room for that is the owner's to make.
/// </summary>
/// <remarks>
/// An entry is its payload (8 bytes where the range has payloads, for a score), its item, and how long those two are: one byte
/// below 128, else two, read from the end, so that the range can be walked backward. A position is an entry's offset.
/// Finding is a walk.
/// </remarks>
/// <param name="start">Where the range begins.</param>
/// <param name="length">How many bytes of it are in use.</param>
/// <param name="payloadBytes">0 or 8.</param>
internal readonly unsafe struct PackedItems(byte* start, int length, int payloadBytes)
{
    private const int MaxShort = 127;

    /// <summary>How many bytes are in use.</summary>
    public int Length => length;

    /// <summary>The last entry; -1 where there is none.</summary>
    public int Last => length == 0 ? -1 : Previous(length);

    /// <summary>The item of an entry.</summary>
    public PackedItem this[int position]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(start + position + payloadBytes);
    }

    /// <summary>How many bytes an entry with this item takes.</summary>
    public static int EntryBytes(in ItemText text, int payloadBytes) => WithBack(payloadBytes + text.EncodedBytes);

    /// <summary>How many bytes an entry takes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int EntryBytes(int position) => WithBack(payloadBytes + this[position].EncodedBytes);

    /// <summary>The entry after one; <see cref="Length"/> after the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Next(int position) => position + EntryBytes(position);

    /// <summary>The entry before one that is not the first, or before the end.</summary>
    public int Previous(int position)
    {
        int back = start[position - 1];
        return back <= MaxShort ? position - 1 - back : position - 2 - (((back & MaxShort) << 8) | start[position - 2]);
    }

    /// <summary>An entry's payload.</summary>
    public ulong Payload(int position) => Unsafe.ReadUnaligned<ulong>(start + position);

    /// <summary>Gives an entry another payload.</summary>
    public void SetPayload(int position, ulong payload) => Unsafe.WriteUnaligned(start + position, payload);

    /// <summary>How many entries there are.</summary>
    public int Count()
    {
        var count = 0;
        for (var position = 0; position < length; position = Next(position))
            count++;
        return count;
    }

    /// <summary>The entry with an index, or <see cref="Length"/> where there are as many.</summary>
    /// <param name="index">0 or more, up to how many entries there are.</param>
    /// <param name="from">The entry from which it counts.</param>
    public int Skip(int index, int from = 0)
    {
        for (; index > 0; index--)
            from = Next(from);
        return from;
    }

    /// <summary>The entry so many before one, or before the end.</summary>
    public int SkipBack(int entries, int from)
    {
        for (; entries > 0; entries--)
            from = Previous(from);
        return from;
    }

    /// <summary>The first entry that is just these bytes; -1 where none is.</summary>
    /// <param name="text">What is looked for.</param>
    /// <param name="chunks">Where long items are.</param>
    /// <param name="step">2 where keys and values alternate, and only keys are looked at.</param>
    public int Find(in ItemText text, Chunks chunks, int step = 1)
    {
        for (var position = 0; position < length; position = Next(position))
        {
            if (this[position].Is(text, chunks))
                return position;
            if (step == 2)
                position = Next(position);
        }

        return -1;
    }

    /// <summary>Finds the first entry that is not before a place, in a range that is in order.</summary>
    /// <param name="probe">The place.</param>
    /// <param name="chunks">Where long items are.</param>
    /// <param name="position">That entry's, or <see cref="Length"/> where all are before it.</param>
    /// <param name="index">How many are before it.</param>
    /// <returns>Whether it is just what the probe looks for.</returns>
    public bool Find<TProbe>(in TProbe probe, Chunks chunks, out int position, out int index)
        where TProbe : struct, ITreeProbe, allows ref struct
    {
        index = 0;
        for (position = 0; position < length; position = Next(position), index++)
        {
            var order = probe.CompareTo(this, position, chunks);
            if (order <= 0)
                return order == 0;
        }

        return false;
    }

    /// <summary>Puts an entry before another, or at the end.</summary>
    /// <returns>How long the range is now; the owner has made room for it, see <see cref="EntryBytes(in ItemText, int)"/>.</returns>
    public int Insert(int position, in ItemText text, ulong payload, Chunks chunks)
    {
        var bytes = EntryBytes(text, payloadBytes);
        Move(position, position + bytes);
        Write(start + position, text, payload, payloadBytes, chunks);
        return length + bytes;
    }

    /// <summary>Puts another item in an entry's place; its payload stays.</summary>
    /// <returns>How long the range is now; the owner has made room for it.</returns>
    public int Replace(int position, in ItemText text, Chunks chunks)
    {
        var payload = payloadBytes == 0 ? 0 : Payload(position);
        var old = EntryBytes(position);
        var bytes = EntryBytes(text, payloadBytes);
        this[position].Release(chunks);
        Move(position + old, position + bytes);
        Write(start + position, text, payload, payloadBytes, chunks);
        return length + bytes - old;
    }

    /// <summary>Takes entries out and frees what they have elsewhere.</summary>
    /// <returns>How long the range is now.</returns>
    public int Delete(int position, int entries, Chunks chunks)
    {
        var end = position;
        for (; entries > 0; entries--)
        {
            this[end].Release(chunks);
            end = Next(end);
        }

        return Cut(position, end);
    }

    /// <summary>Takes bytes out, whatever their entries have elsewhere.</summary>
    /// <returns>How long the range is now.</returns>
    public int Cut(int from, int to)
    {
        Move(to, from);
        return length - (to - from);
    }

    /// <summary>Frees what entries have elsewhere: when the range goes.</summary>
    public void Release(Chunks chunks)
    {
        for (var position = 0; position < length; position = Next(position))
            this[position].Release(chunks);
    }

    /// <summary>Writes an entry.</summary>
    /// <param name="at">Where there is room for it.</param>
    /// <param name="text">Its item.</param>
    /// <param name="payload">Its payload, where the range has them.</param>
    /// <param name="payloadBytes">0 or 8.</param>
    /// <param name="chunks">Where long items go.</param>
    public static void Write(byte* at, in ItemText text, ulong payload, int payloadBytes, Chunks chunks)
    {
        if (payloadBytes != 0)
            Unsafe.WriteUnaligned(at, payload);
        text.Write(at + payloadBytes, chunks);
        var held = payloadBytes + text.EncodedBytes;
        if (held <= MaxShort)
        {
            at[held] = (byte)held;
        }
        else
        {
            at[held] = (byte)held;
            at[held + 1] = (byte)((MaxShort + 1) | (held >> 8));
        }
    }

    private void Move(int from, int to)
    {
        if (from != length && from != to)
            Buffer.MemoryCopy(start + from, start + to, length - from, length - from);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WithBack(int bytes) => bytes <= MaxShort ? bytes + 1 : bytes + 2;
}
