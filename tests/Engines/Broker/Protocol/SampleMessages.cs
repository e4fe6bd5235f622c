using System.Collections;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Tests.Protocol.Generator;

namespace Groundwork.Broker.Tests.Protocol;

/// <summary>
/// Messages with random contents that a version can say: its fields, nulls where it allows them; what it does not have
/// stays at its default.
/// </summary>
internal sealed class SampleMessages(Structure message, short version, Random random)
{
    private const string Letters = "abcXYZ019-_.é漢😀";

    public IMessage Make() => (IMessage)Make(message, Table.Class(message));

    private object Make(Structure structure, Type type)
    {
        var made = Activator.CreateInstance(type)!;
        foreach (var field in structure.Fields.Where(f => f.Versions.Contains(version)))
        {
            var property = type.GetProperty(field.Name)!;
            var value = Value(field, property.PropertyType);
            if (value is not null || field.Tag is null)
                property.SetValue(made, value);
        }

        return made;
    }

    private object? Value(Field field, Type type)
    {
        // A tagged field is not there most of the time.
        if (field.Tag is not null && random.Next(3) == 0)
            return null;
        if (field.Nullable?.Contains(version) == true && random.Next(4) == 0)
            return field.Type == "records" ? RecordBytes.Null : null;
        if (!field.IsArray)
            return Element(field, Nullable.GetUnderlyingType(type) ?? type);
        var list = (IList)Activator.CreateInstance(type)!;
        for (var left = random.Next(4); left > 0; left--)
            list.Add(Element(field, type.GetGenericArguments()[0]));
        return list;
    }

    private object Element(Field field, Type type) => field.Type switch
    {
        "bool" => random.Next(2) == 0,
        "int8" => (sbyte)random.Next(sbyte.MinValue, sbyte.MaxValue + 1),
        "int16" => (short)random.Next(short.MinValue, short.MaxValue + 1),
        "int32" => random.Next(4) == 0 ? int.MinValue : random.Next(),
        "int64" => random.Next(4) == 0 ? long.MinValue : random.NextInt64(),
        "error" => (ErrorCode)random.Next(-1, 121),
        "uuid" => new Guid(Bytes(16)),
        "string" => string.Concat(Enumerable.Range(0, random.Next(random.Next(20) == 0 ? 300 : 5)).Select(_ => Letter())),
        "bytes" => new ReadOnlyMemory<byte>(Bytes(Size())),
        "records" => random.Next(2) == 0
            ? new RecordBytes(Bytes(Size()))
            : new RecordBytes([Bytes(Size()), Bytes(Size()), Bytes(ProtocolWriter.BorrowedBytes)]),
        _ => Make(Table.StructureOf(message, field), type),
    };

    private string Letter()
    {
        var runes = Letters.EnumerateRunes().ToArray();
        return runes[random.Next(runes.Length)].ToString();
    }

    private int Size() => random.Next(20) == 0 ? ProtocolWriter.BorrowedBytes + random.Next(100) : random.Next(5);

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
