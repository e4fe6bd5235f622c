using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Groundwork.Ports.Caching;
using Microsoft.Extensions.Caching.Hybrid;

namespace Groundwork.Platform.Caching;

/// <summary>
/// A value of <see cref="LoadingHybridCache"/> as its serializer has written it: what callers share, so that none can change another's.
/// </summary>
/// <remarks>A byte says whether there is a value at all; then it follows. Immutable.</remarks>
internal sealed class HybridPayload
{
    // What stands before it in the cache is less.
    private const int MaxBytes = CacheLimits.MaxValueBytes - 4096;

    private readonly byte[] _bytes;

    private HybridPayload(byte[] bytes) => _bytes = bytes;

    /// <summary>How it lies in the cache.</summary>
    public static IValueCodec<HybridPayload> Codec { get; } = new PayloadCodec();

    /// <summary>Of a value.</summary>
    public static HybridPayload Of<T>(T value, IHybridCacheSerializer<T> serializer)
    {
        if (value is null)
            return new HybridPayload([0]);
        var writer = new ArrayBufferWriter<byte>();
        writer.Write([(byte)1]);
        serializer.Serialize(value, writer);
        return new HybridPayload(writer.WrittenSpan.ToArray());
    }

    /// <summary>The value.</summary>
    public T Read<T>(IHybridCacheSerializer<T> serializer) =>
        _bytes[0] == 0 ? default! : serializer.Deserialize(new ReadOnlySequence<byte>(_bytes.AsMemory(1)));

    private sealed class PayloadCodec : IValueCodec<HybridPayload>
    {
        public void Write(HybridPayload value, IBufferWriter<byte> destination) => destination.Write(value._bytes);

        public bool TryRead(ReadOnlySpan<byte> source, [NotNullWhen(true)] out HybridPayload? value)
        {
            value = source is [0] or [1, ..] ? new HybridPayload(source.ToArray()) : null;
            return value is not null;
        }

        // What is too long for the cache is good for who asked, and not kept.
        public DateTimeOffset? EndOf(HybridPayload value) => value._bytes.Length > MaxBytes ? DateTimeOffset.MinValue : null;
    }
}
