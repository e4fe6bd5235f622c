using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Platform.Caching;

/// <summary>
/// Which serializer a type has: one that was registered for it; else of the first factory that has one, the last registered first; else its bytes where
/// it is text or bytes; else JSON. Safe for concurrent use.
/// </summary>
internal sealed class HybridSerializers(IServiceProvider services)
{
    private readonly IHybridCacheSerializerFactory[] _factories = [.. services.GetServices<IHybridCacheSerializerFactory>().Reverse()];
    private readonly ConcurrentDictionary<Type, object> _known = [];

    /// <summary>The serializer of a type; always the same.</summary>
    public IHybridCacheSerializer<T> Of<T>() => (IHybridCacheSerializer<T>)(_known.TryGetValue(typeof(T), out var known)
        ? known
        : _known.GetOrAdd(typeof(T), Find<T>()));

    private IHybridCacheSerializer<T> Find<T>()
    {
        if (services.GetService<IHybridCacheSerializer<T>>() is { } registered)
            return registered;
        foreach (var factory in _factories)
        {
            if (factory.TryCreateSerializer<T>(out var made))
                return made;
        }

        object plain = typeof(T) == typeof(string) ? new TextSerializer() : typeof(T) == typeof(byte[]) ? new BytesSerializer() : new JsonSerializerOf<T>();
        return (IHybridCacheSerializer<T>)plain;
    }

    private sealed class TextSerializer : IHybridCacheSerializer<string>
    {
        public string Deserialize(ReadOnlySequence<byte> source) => Encoding.UTF8.GetString(source);

        public void Serialize(string value, IBufferWriter<byte> target) => Encoding.UTF8.GetBytes(value, target);
    }

    private sealed class BytesSerializer : IHybridCacheSerializer<byte[]>
    {
        public byte[] Deserialize(ReadOnlySequence<byte> source) => source.ToArray();

        public void Serialize(byte[] value, IBufferWriter<byte> target) => target.Write(value);
    }

    private sealed class JsonSerializerOf<T> : IHybridCacheSerializer<T>
    {
        public T Deserialize(ReadOnlySequence<byte> source)
        {
            var reader = new Utf8JsonReader(source);
            return JsonSerializer.Deserialize<T>(ref reader)!;
        }

        public void Serialize(T value, IBufferWriter<byte> target)
        {
            using var writer = new Utf8JsonWriter(target);
            JsonSerializer.Serialize(writer, value);
        }
    }
}
