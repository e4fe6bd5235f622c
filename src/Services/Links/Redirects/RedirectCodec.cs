using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Groundwork.Platform.Caching;

namespace Groundwork.Links;

/// <summary>
/// How what a redirect needs lies in the cache: a link's number as eight bytes, and of its target a byte of flags, the status, its end where
/// it has one, its alias where it has one, and the address.
/// </summary>
internal sealed class RedirectCodec : ICacheCodec<long, RedirectTarget>
{
    // It changes with the form below: what another version has put into a shared cache is not read.
    private const byte Form = 0x20;
    private const byte FormBits = 0xe0;
    private const byte ForwardBit = 1;
    private const byte DisabledBit = 2;
    private const byte BlockedBit = 4;
    private const byte EndBit = 8;
    private const byte AliasBit = 16;
    private const int HeadBytes = 3;

    public int WriteKey(long key, Span<byte> destination)
    {
        BinaryPrimitives.WriteInt64LittleEndian(destination, key);
        return sizeof(long);
    }

    public void Write(RedirectTarget value, IBufferWriter<byte> destination)
    {
        var bytes = destination.GetSpan(
            HeadBytes + sizeof(long) + 1 + (value.Alias?.Length ?? 0) + Encoding.UTF8.GetMaxByteCount(value.LongUrl.Length));
        bytes[0] = (byte)(Form
            | (value.ForwardQuery ? ForwardBit : 0) | (value.IsDisabled ? DisabledBit : 0) | (value.IsBlocked ? BlockedBit : 0)
            | (value.ExpiresAt is null ? 0 : EndBit) | (value.Alias is null ? 0 : AliasBit));
        BinaryPrimitives.WriteInt16LittleEndian(bytes[1..], (short)value.Redirect);
        var length = HeadBytes;
        if (value.ExpiresAt is { } end)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes[length..], end.UtcTicks);
            length += sizeof(long);
        }

        if (value.Alias is { } alias)
        {
            bytes[length] = (byte)alias.Length;
            length += 1 + Encoding.Latin1.GetBytes(alias, bytes[(length + 1)..]);
        }

        length += Encoding.UTF8.GetBytes(value.LongUrl, bytes[length..]);
        destination.Advance(length);
    }

    public bool TryRead(ReadOnlySpan<byte> source, [NotNullWhen(true)] out RedirectTarget? value)
    {
        value = null;
        if (source.Length < HeadBytes || (source[0] & FormBits) != Form)
            return false;
        var flags = source[0];
        var redirect = BinaryPrimitives.ReadInt16LittleEndian(source[1..]);
        source = source[HeadBytes..];
        DateTimeOffset? end = null;
        if ((flags & EndBit) != 0)
        {
            if (source.Length < sizeof(long) || BinaryPrimitives.ReadInt64LittleEndian(source) is var ticks && (ulong)ticks > (ulong)DateTime.MaxValue.Ticks)
                return false;
            end = new DateTimeOffset(ticks, TimeSpan.Zero);
            source = source[sizeof(long)..];
        }

        string? alias = null;
        if ((flags & AliasBit) != 0)
        {
            if (source.IsEmpty || source.Length < 1 + source[0])
                return false;
            alias = Encoding.Latin1.GetString(source.Slice(1, source[0]));
            source = source[(1 + source[0])..];
        }

        value = new RedirectTarget(
            Encoding.UTF8.GetString(source), alias, redirect, (flags & ForwardBit) != 0, (flags & DisabledBit) != 0, end)
        {
            IsBlocked = (flags & BlockedBit) != 0,
        };
        return true;
    }
}
