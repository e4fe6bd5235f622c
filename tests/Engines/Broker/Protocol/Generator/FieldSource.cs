using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Tests.Protocol.Generator;

/// <summary>The C# of one field: its property, how it is read and written, and how to tell that it was set.</summary>
/// <param name="message">The message's name, for what is said of errors.</param>
/// <param name="possible">The versions in which the structure that it is in can occur.</param>
/// <param name="leastBytes">The fewest bytes that an element takes, for an array of structures.</param>
internal sealed class FieldSource(Schema schema, string message, VersionRange possible, Field declared, int leastBytes)
{
    /// <summary>A condition under which the field exists; null where it always does. Tagged fields are asked for in flexible versions only.</summary>
    public string? Exists => Conditions.In(
        declared.Versions,
        declared.Tag is null ? possible : possible with { From = Math.Max(possible.From, schema.FlexibleFrom!.Value) });

    public string Property => $"public {TypeName} {declared.Name} {{ get; set; }}{Initial}";

    /// <summary>Whether it has another value than its default.</summary>
    public string IsSet => declared switch
    {
        { Type: "records" } => $"!{declared.Name}.IsNull",
        _ when IsNullable && Initial.Length == 0 => $"{declared.Name} is not null",
        { IsArray: true } => IsNullable ? $"{declared.Name} is not {{ Count: 0 }}" : $"{declared.Name}.Count > 0",
        { Type: "string" or "bytes" } => IsNullable ? $"{declared.Name} is not {{ Length: 0 }}" : $"{declared.Name}.Length > 0",
        { Type: "bool" } => declared.Default == "true" ? $"!{declared.Name}" : declared.Name,
        { Type: "uuid" } => $"{declared.Name} != Guid.Empty",
        { Type: "error" } => $"{declared.Name} != ErrorCode.None",
        { IsStructure: true } => throw new InvalidDataException($"{schema.File}: {declared.Name} is not in all versions; let it be nullable."),
        _ => $"{declared.Name} != {declared.Default ?? "0"}",
    };

    /// <summary>What is thrown where the version does not have the declared, and it is set.</summary>
    public string Refuse => $"throw ProtocolWriter.NotInVersion(\"{message}.{declared.Name}\", version);";

    /// <summary>Reads it where it exists.</summary>
    public string Read(string target)
    {
        var to = $"{target}.{declared.Name}";
        if (declared.Type == "records")
            return $"{to} = reader.ReadRecords({Flexible});";
        if (declared is { IsStructure: true, IsArray: false })
            return $"{to} = {(declared.Nullable is null ? $"{declared.Type}.Read(ref reader, version)" : $"reader.ReadNullable<{declared.Type}>(version)")};";
        if (declared.IsArray && !IsNullable)
            return $"reader.Read{Array}({to}, {Arguments(read: true)});";
        if (!IsNullable)
            return $"{to} = reader.Read{Scalar}({Arguments(read: true)});";
        var name = declared.IsArray ? declared.IsStructure ? $"Array<{declared.Type}>" : Array : Scalar;
        var nullable = $"{to} = reader.ReadNullable{name}({Arguments(read: true)})";
        if (declared.Nullable is null)
            return $"{nullable} ?? throw reader.UnexpectedNull(\"{declared.Name}\");";
        return MayBeNull is null ? nullable + ";" : $"{nullable} ?? ({MayBeNull} ? null : throw reader.UnexpectedNull(\"{declared.Name}\"));";
    }

    /// <summary>Writes it where it exists.</summary>
    public string Write(string writer = "writer")
    {
        if (declared is { IsStructure: true, IsArray: false })
            return declared.Nullable is null ? $"{declared.Name}.Write({writer}, version);" : $"{writer}.WriteNullable({declared.Name}, version);";
        var name = declared.IsArray ? Array : Scalar;
        var rest = Arguments(read: false) is { Length: > 0 } arguments ? ", " + arguments : "";
        // A tagged declared is written only where it is not null.
        if (!IsNullable || declared.Type == "records" || declared.Tag is not null)
            return $"{writer}.Write{name}({declared.Name}{rest});";
        var value = MayBeNull is null
            ? declared.Name
            : $"{declared.Name} ?? ({MayBeNull} ? null : throw ProtocolWriter.NotNullIn(\"{message}.{declared.Name}\", version))";
        return $"{writer}.WriteNullable{name}({value}{rest});";
    }

    // A tagged structure or array that is null is not there; so none is made for the many messages without one.
    private bool IsNullable => declared.Nullable is not null || (declared.Tag is not null && (declared.IsStructure || declared.IsArray));

    private string? MayBeNull => declared.Nullable is { } nullable ? Conditions.In(nullable, declared.Versions) : null;

    private string Flexible => declared.Tag is not null ? "flexible: true" : Conditions.Flexible(schema, declared.Versions);

    private string TypeName => (declared.IsArray ? $"List<{Element}>" : Element) + (IsNullable && declared.Type != "records" ? "?" : "");

    private string Initial => declared switch
    {
        { Type: "records" } or { Default: "null" } => "",
        { Tag: not null } when IsNullable => "",
        { IsArray: true } => " = [];",
        { IsStructure: true } => IsNullable ? "" : " = new();",
        { Type: "string" } => " = \"\";",
        { Type: "bytes" } => IsNullable ? " = ReadOnlyMemory<byte>.Empty;" : "",
        { Default: { } value } => $" = {value};",
        _ => "",
    };

    private string Array => declared.IsStructure ? "Array" : Scalar + "Array";

    private string Element => declared.IsStructure ? declared.Type : Types.Of(declared.Type).CSharp;

    private string Scalar => Types.Of(declared.Type).Method;

    private string Arguments(bool read)
    {
        if (declared is { IsArray: true, IsStructure: true })
            return read ? $"version, {Flexible}, leastBytes: {leastBytes}" : $"version, {Flexible}";
        return declared.IsArray || declared.Type is "string" or "bytes" or "records" ? Flexible : "";
    }
}
