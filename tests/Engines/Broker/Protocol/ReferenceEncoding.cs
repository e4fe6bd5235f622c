using System.Buffers.Binary;
using System.Collections;
using System.Text;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Tests.Protocol.Generator;

namespace Groundwork.Broker.Tests.Protocol;

/// <summary>
/// Encodes a message by reading the table field by field, in the plainest way: what the made classes and the writer are
/// compared with.
/// </summary>
/// <param name="unknownTags">Whether each structure that can gets two tagged fields which nobody knows.</param>
internal sealed class ReferenceEncoding(Schema schema, Structure message, short version, bool unknownTags = false)
{
    private readonly bool _flexible = version >= schema.FlexibleFrom;
    private readonly List<byte> _bytes = [];

    public byte[] Encode(object made)
    {
        Encode(message, made);
        return [.. _bytes];
    }

    private void Encode(Structure structure, object made)
    {
        var fields = structure.Fields.Where(f => f.Versions.Contains(version)).ToList();
        foreach (var field in fields.Where(f => f.Tag is null))
            Encode(field, Value(field, made));
        if (!_flexible)
            return;
        var unset = Activator.CreateInstance(made.GetType())!;
        var tagged = fields.Where(f => f.Tag is not null && !Equals(Value(f, made), Value(f, unset))).OrderBy(f => f.Tag).ToList();
        Varint((uint)(tagged.Count + (unknownTags ? 2 : 0)));
        foreach (var field in tagged)
        {
            var start = _bytes.Count;
            Encode(field, Value(field, made));
            var contents = _bytes[start..];
            _bytes.RemoveRange(start, contents.Count);
            Tag((uint)field.Tag!, [.. contents]);
        }

        if (unknownTags)
        {
            Tag(1000, []);
            Tag(100_000, [1, 2, 3]);
        }
    }

    private void Encode(Field field, object? value)
    {
        if (!field.IsArray)
        {
            Element(field, value);
            return;
        }

        var list = (IList?)value;
        Length(list?.Count ?? -1, shortForm: false);
        foreach (var item in list ?? Array.Empty<object>())
            Element(field, item);
    }

    private void Element(Field field, object? value)
    {
        switch (value)
        {
            case bool flag: _bytes.Add(flag ? (byte)1 : (byte)0); break;
            case sbyte number: _bytes.Add((byte)number); break;
            case short number: Integer(number, 2); break;
            case ErrorCode number: Integer((short)number, 2); break;
            case int number: Integer(number, 4); break;
            case long number: Integer(number, 8); break;
            case Guid id: _bytes.AddRange(Convert.FromHexString(id.ToString("N"))); break;
            case string text: Sized(Encoding.UTF8.GetBytes(text), shortForm: true); break;
            case ReadOnlyMemory<byte> bytes: Sized(bytes.ToArray(), shortForm: false); break;
            case RecordBytes { IsNull: false } records: Sized(records.Join().ToArray(), shortForm: false); break;
            case null or RecordBytes when !field.IsStructure: Length(-1, shortForm: field.Type == "string"); break;
            default: Structure(field, value); break;
        }
    }

    private void Structure(Field field, object? value)
    {
        if (field is { IsArray: false, Nullable: not null })
            _bytes.Add(value is null ? (byte)0xff : (byte)1);
        if (value is not null)
            Encode(Table.StructureOf(message, field), value);
    }

    private void Sized(byte[] bytes, bool shortForm)
    {
        Length(bytes.Length, shortForm);
        _bytes.AddRange(bytes);
    }

    private void Length(int length, bool shortForm)
    {
        if (_flexible)
            Varint((uint)(length + 1));
        else
            Integer(length, shortForm ? 2 : 4);
    }

    private void Tag(uint tag, byte[] contents)
    {
        Varint(tag);
        Varint((uint)contents.Length);
        _bytes.AddRange(contents);
    }

    private void Integer(long value, int bytes)
    {
        var all = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(all, value);
        _bytes.AddRange(all[^bytes..]);
    }

    private void Varint(uint value)
    {
        for (; value > 127; value /= 128)
            _bytes.Add((byte)(128 + (value % 128)));
        _bytes.Add((byte)value);
    }

    private static object? Value(Field field, object made) => made.GetType().GetProperty(field.Name)!.GetValue(made);
}
