using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Groundwork.Platform.Caching;

/// <summary>How values of a type lie in a cache. Immutable; safe for concurrent use.</summary>
/// <typeparam name="TValue">The type.</typeparam>
public interface IValueCodec<TValue>
    where TValue : class
{
    /// <summary>Writes a value.</summary>
    void Write(TValue value, IBufferWriter<byte> destination);

    /// <summary>Reads a value.</summary>
    /// <returns>False where the bytes are none: an earlier version's, say. It counts as missing.</returns>
    bool TryRead(ReadOnlySpan<byte> source, [NotNullWhen(true)] out TValue? value);

    /// <summary>Past when the value must not be served at all, not even stale; null where it names no end.</summary>
    DateTimeOffset? EndOf(TValue value) => null;
}

/// <summary>How keys and values of a loading cache lie in its space.</summary>
/// <typeparam name="TKey">The keys' type.</typeparam>
/// <typeparam name="TValue">The values' type.</typeparam>
public interface ICacheCodec<TKey, TValue> : IValueCodec<TValue>
    where TValue : class
{
    /// <summary>The longest key, in bytes.</summary>
    const int MaxKeyBytes = 256;

    /// <summary>Writes a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="destination">Of <see cref="MaxKeyBytes"/>.</param>
    /// <returns>How many bytes it takes, at least one.</returns>
    int WriteKey(TKey key, Span<byte> destination);
}
