namespace Groundwork.Broker.Tests.Protocol.Generator;

/// <summary>A type of the table that is no structure.</summary>
/// <param name="CSharp">The property's type.</param>
/// <param name="Method">What the reader's and the writer's methods are called by.</param>
/// <param name="Bytes">How many bytes it takes; null where its length goes ahead of it.</param>
internal sealed record Types(string CSharp, string Method, int? Bytes)
{
    private static readonly Dictionary<string, Types> Known = new()
    {
        ["bool"] = new("bool", "Boolean", 1),
        ["int8"] = new("sbyte", "Int8", 1),
        ["int16"] = new("short", "Int16", 2),
        ["uint16"] = new("ushort", "UInt16", 2),
        ["int32"] = new("int", "Int32", 4),
        ["uint32"] = new("uint", "UInt32", 4),
        ["int64"] = new("long", "Int64", 8),
        ["float64"] = new("double", "Float64", 8),
        ["uuid"] = new("Guid", "Uuid", 16),
        ["error"] = new("ErrorCode", "Error", 2),
        ["string"] = new("string", "String", null),
        ["bytes"] = new("ReadOnlyMemory<byte>", "Bytes", null),
        ["records"] = new("RecordBytes", "Records", null),
    };

    public static Types Of(string type) => Known.TryGetValue(type, out var known) ? known : throw new InvalidDataException($"There is no type {type}.");
}
