using System.Buffers.Binary;
using System.Text;

namespace Groundwork.Platform.Caching;

/// <summary>
/// The tags that a value notes, each with the generation that it had before the value was loaded: a count, then for each its length,
/// its name and eight bytes.
/// </summary>
internal static class TagNotes
{
    /// <summary>How many tags a value may have.</summary>
    public const int MaxTags = 16;

    /// <summary>The longest tag, in bytes of UTF-8.</summary>
    public const int MaxTagBytes = 128;

    /// <summary>How long the notes are that these bytes begin with.</summary>
    public static bool TryMeasure(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 1;
        if (bytes.IsEmpty || bytes[0] > MaxTags)
            return false;
        for (var left = bytes[0]; left > 0; left--)
        {
            if (length >= bytes.Length)
                return false;
            length += 1 + bytes[length] + sizeof(long);
        }

        return length <= bytes.Length;
    }

    /// <summary>Takes the first note off.</summary>
    /// <param name="notes">What <see cref="TryMeasure"/> has measured, without its count.</param>
    /// <param name="generation">The tag's generation.</param>
    /// <returns>The tag's name.</returns>
    public static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> notes, out long generation)
    {
        var name = notes.Slice(1, notes[0]);
        generation = BinaryPrimitives.ReadInt64LittleEndian(notes[(1 + name.Length)..]);
        notes = notes[(1 + name.Length + sizeof(long))..];
        return name;
    }

    /// <summary>The notes of tags with these generations.</summary>
    public static byte[] Of(IReadOnlyList<byte[]> tags, ReadOnlySpan<long> generations)
    {
        if (tags.Count == 0)
            return [];
        var notes = new byte[1 + tags.Sum(tag => 1 + tag.Length + sizeof(long))];
        notes[0] = (byte)tags.Count;
        var rest = notes.AsSpan(1);
        for (var i = 0; i < tags.Count; i++)
        {
            rest[0] = (byte)tags[i].Length;
            tags[i].CopyTo(rest[1..]);
            BinaryPrimitives.WriteInt64LittleEndian(rest[(1 + tags[i].Length)..], generations[i]);
            rest = rest[(1 + tags[i].Length + sizeof(long))..];
        }

        return notes;
    }

    /// <summary>The bytes of tags.</summary>
    /// <exception cref="ArgumentException">There are too many, or one is empty or too long.</exception>
    public static byte[][] Encode(IReadOnlyList<string> tags)
    {
        if (tags.Count > MaxTags)
            throw new ArgumentException($"A value has at most {MaxTags} tags.", nameof(tags));
        var encoded = new byte[tags.Count][];
        for (var i = 0; i < encoded.Length; i++)
            encoded[i] = Encode(tags[i]);
        return encoded;
    }

    /// <summary>The bytes of a tag.</summary>
    /// <exception cref="ArgumentException">It is empty or too long.</exception>
    public static byte[] Encode(string tag) => Encoding.UTF8.GetBytes(tag) is { Length: > 0 and <= MaxTagBytes } bytes
        ? bytes
        : throw new ArgumentException($"A tag has 1 to {MaxTagBytes} bytes.", nameof(tag));
}
