using System.Buffers.Binary;
using System.Reflection;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Tests.Protocol.Generator;

namespace Groundwork.Broker.Tests.Protocol;

/// <summary>Writes and reads any message of the table, by the class that was made for it.</summary>
internal static class MessageCodec
{
    private static readonly MethodInfo ReadData = typeof(VersionedData).GetMethod(nameof(VersionedData.Read))!;

    public static byte[] Write(IMessage message, short version)
    {
        using var writer = new ProtocolWriter();
        message.Write(writer, version);
        return writer.ToArray();
    }

    /// <summary>Reads a message to its end.</summary>
    public static IMessage Read(Schema schema, Structure message, short version, ReadOnlyMemory<byte> bytes)
    {
        if (schema.Key is not { } key)
            return Data(message, version, bytes);
        var reader = new ProtocolReader(bytes);
        IMessage read = message == schema.Messages[0]
            ? ApiMessages.ReadRequest((ApiKey)key, ref reader, version)
            : ApiMessages.ReadResponse((ApiKey)key, ref reader, version);
        reader.ExpectEnd();
        return read;
    }

    private static IMessage Data(Structure message, short version, ReadOnlyMemory<byte> bytes)
    {
        var versioned = new byte[bytes.Length + 2];
        BinaryPrimitives.WriteInt16BigEndian(versioned, version);
        bytes.CopyTo(versioned.AsMemory(2));
        var read = ReadData.MakeGenericMethod(Table.Class(message));
        object[] arguments = [(ReadOnlyMemory<byte>)versioned];
        return (IMessage)read.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
    }
}
