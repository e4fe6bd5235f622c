using System.Buffers;
using System.Buffers.Binary;

namespace Groundwork.Platform.Caching;

/// <summary>
/// What lies around each value of a loading cache: until when it is fresh, and what deciding on its refresh needs. The bytes are in
/// <c>docs/formats/cache-envelope.md</c>.
/// </summary>
/// <remarks>What is not of this form (another version's, or written by a client of the server) is no value: it counts as missing.</remarks>
internal readonly ref struct Envelope
{
    /// <summary>What it takes beside the value where there are no tags.</summary>
    public const int Bytes = 17;

    private const byte Version = 0x10;
    private const byte VersionBits = 0xf0;
    private const byte NegativeBit = 1;
    private const byte TagsBit = 2;

    // Whatever is text is later, even where its first byte is by chance that of a version.
    private static readonly long Latest = new DateTime(3000, 1, 1).Ticks;

    /// <summary>Until when it is fresh, in ticks of UTC.</summary>
    public long FreshUntil { get; private init; }

    /// <summary>When it was asked for, in ticks of UTC, to the millisecond.</summary>
    public long AskedAt { get; private init; }

    /// <summary>How long loading it took, in ticks, to the microsecond.</summary>
    public long Took { get; private init; }

    /// <summary>Whether it says that there is nothing under the key.</summary>
    public bool IsNegative { get; private init; }

    /// <summary>The tags with their generations, see <see cref="TagNotes"/>; empty where there are none.</summary>
    public ReadOnlySpan<byte> Tags { get; private init; }

    /// <summary>The value.</summary>
    public ReadOnlySpan<byte> Value { get; private init; }

    /// <summary>Reads one.</summary>
    /// <returns>False where the bytes are something else.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Envelope envelope)
    {
        envelope = default;
        if (bytes.Length < Bytes || (bytes[0] & VersionBits) != Version)
            return false;
        var freshUntil = BinaryPrimitives.ReadInt64LittleEndian(bytes[1..]);
        if ((ulong)(freshUntil - 1) >= (ulong)Latest)
            return false;
        var rest = bytes[Bytes..];
        var tags = ReadOnlySpan<byte>.Empty;
        if ((bytes[0] & TagsBit) != 0)
        {
            if (!TagNotes.TryMeasure(rest, out var length))
                return false;
            tags = rest[..length];
            rest = rest[length..];
        }

        envelope = new Envelope
        {
            FreshUntil = freshUntil,
            AskedAt = freshUntil - (BinaryPrimitives.ReadUInt32LittleEndian(bytes[9..]) * TimeSpan.TicksPerMillisecond),
            Took = BinaryPrimitives.ReadUInt32LittleEndian(bytes[13..]) * TimeSpan.TicksPerMicrosecond,
            IsNegative = (bytes[0] & NegativeBit) != 0,
            Tags = tags,
            Value = rest,
        };
        return true;
    }

    /// <summary>Writes one, up to where the value follows.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="freshUntil">In ticks of UTC.</param>
    /// <param name="askedAt">In ticks of UTC; what is longer than 49 days before is written as that.</param>
    /// <param name="took">In ticks; longer than 71 minutes is written as that.</param>
    /// <param name="isNegative">Whether no value follows.</param>
    /// <param name="tags">As <see cref="TagNotes"/> writes them.</param>
    public static void Write(IBufferWriter<byte> destination, long freshUntil, long askedAt, long took, bool isNegative, ReadOnlySpan<byte> tags)
    {
        var bytes = destination.GetSpan(Bytes + tags.Length);
        bytes[0] = (byte)(Version | (isNegative ? NegativeBit : 0) | (tags.IsEmpty ? 0 : TagsBit));
        BinaryPrimitives.WriteInt64LittleEndian(bytes[1..], freshUntil);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[9..], Clamped((freshUntil - askedAt) / TimeSpan.TicksPerMillisecond));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[13..], Clamped(took / TimeSpan.TicksPerMicrosecond));
        tags.CopyTo(bytes[Bytes..]);
        destination.Advance(Bytes + tags.Length);
    }

    private static uint Clamped(long value) => (uint)Math.Clamp(value, 0, uint.MaxValue);
}
