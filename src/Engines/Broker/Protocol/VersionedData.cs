using System.Buffers.Binary;

namespace Groundwork.Broker.Protocol;

/// <summary>
/// Data with its version in front, in two bytes: the keys and values of <c>__consumer_offsets</c>, and what consumers tell
/// one another through their group.
/// </summary>
internal static class VersionedData
{
    /// <summary>The version of what follows; it also tells kinds of keys apart.</summary>
    public static short Version(ReadOnlySpan<byte> data) =>
        BinaryPrimitives.TryReadInt16BigEndian(data, out var version)
            ? version
            : throw new ProtocolException($"Data of {data.Length} bytes has no version in front.");

    /// <summary>
    /// Reads data of a version that is known; bytes behind it are refused. Bytes that it holds are slices of what was given.
    /// </summary>
    public static T Read<T>(ReadOnlyMemory<byte> data)
        where T : IVersionedData, IReadable<T>
    {
        var version = Known<T>(data.Span);
        if (version > T.NewestVersion)
            throw new ProtocolException($"{typeof(T).Name} of version {version} is newer than {T.NewestVersion}, the newest that is known.");
        var reader = new ProtocolReader(data[sizeof(short)..]);
        var read = T.Read(ref reader, version);
        reader.ExpectEnd();
        return read;
    }

    /// <summary>
    /// As <see cref="Read{T}"/>, for what only ever grows at its end: a newer version is read as the newest that is known, and
    /// what it says beyond that is left.
    /// </summary>
    public static T ReadGrowing<T>(ReadOnlyMemory<byte> data)
        where T : IVersionedData, IReadable<T>
    {
        var version = Math.Min(Known<T>(data.Span), T.NewestVersion);
        var reader = new ProtocolReader(data[sizeof(short)..]);
        return T.Read(ref reader, version);
    }

    /// <summary>The data's bytes in that version, with it in front.</summary>
    public static byte[] Write<T>(T data, short version)
        where T : IVersionedData
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(version, T.OldestVersion);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(version, T.NewestVersion);
        using var writer = new ProtocolWriter();
        writer.WriteInt16(version);
        data.Write(writer, version);
        return writer.ToArray();
    }

    private static short Known<T>(ReadOnlySpan<byte> data)
        where T : IVersionedData
    {
        var version = Version(data);
        if (version < T.OldestVersion)
            throw new ProtocolException($"{typeof(T).Name} of version {version} is older than {T.OldestVersion}, the oldest that exists.");
        return version;
    }
}
