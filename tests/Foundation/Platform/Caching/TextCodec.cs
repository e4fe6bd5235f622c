using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Groundwork.Platform.Caching;

namespace Groundwork.Platform.Tests.Caching;

/// <summary>Texts under numbers; a text that begins with <c>end:</c> and a time in ticks names that as its end.</summary>
internal sealed class TextCodec : ICacheCodec<long, string>
{
    public int WriteKey(long key, Span<byte> destination)
    {
        BinaryPrimitives.WriteInt64BigEndian(destination, key);
        return sizeof(long);
    }

    public void Write(string value, IBufferWriter<byte> destination) => Encoding.UTF8.GetBytes(value, destination);

    public bool TryRead(ReadOnlySpan<byte> source, [NotNullWhen(true)] out string? value)
    {
        value = Encoding.UTF8.GetString(source);
        return !value.StartsWith('\0');
    }

    public DateTimeOffset? EndOf(string value) => value.StartsWith("end:", StringComparison.Ordinal)
        ? new DateTimeOffset(long.Parse(value.AsSpan(4), System.Globalization.CultureInfo.InvariantCulture), TimeSpan.Zero)
        : null;
}
