using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Tests.Protocol.Generator;

/// <summary>One file of the table: an API with its two messages, or data with its one.</summary>
/// <param name="Name">The API's or the data's name.</param>
/// <param name="File">The file's name.</param>
/// <param name="Key">The API's number; null for data.</param>
/// <param name="FlexibleFrom">The first version with tagged fields; null for none.</param>
/// <param name="Notes">The comments in the head: why a range is what it is.</param>
internal sealed record Schema(
    string Name,
    string File,
    short? Key,
    VersionRange Versions,
    VersionRange? Served,
    VersionRange? Advertised,
    short? FlexibleFrom,
    IReadOnlyList<string> Notes,
    IReadOnlyList<Structure> Messages);

/// <summary>A message, or a structure inside of one.</summary>
/// <param name="Name">The class's name.</param>
/// <param name="Versions">The versions in which it can occur.</param>
/// <param name="Shared">Structures that several fields of this message have as their type.</param>
internal sealed record Structure(string Name, string? Summary, VersionRange Versions, IReadOnlyList<Field> Fields, IReadOnlyList<Structure> Shared)
{
    /// <summary>The structures that its class holds: those of its fields, of theirs, and the shared ones.</summary>
    public IEnumerable<Structure> Inner() => Below(this).Concat(Shared.SelectMany(s => Below(s).Prepend(s)));

    private static IEnumerable<Structure> Below(Structure structure) =>
        structure.Fields.Select(f => f.Structure).OfType<Structure>().SelectMany(s => Below(s).Prepend(s));
}

/// <summary>A field of a structure.</summary>
/// <param name="Type">The type's name, of an array's elements where it is one.</param>
/// <param name="Versions">The versions in which it exists.</param>
/// <param name="Nullable">The versions in which it may be null; null for none.</param>
/// <param name="Default">Its value where it was not set, if that is not the type's own.</param>
/// <param name="Tag">Its number among the tagged fields; null for one in its place.</param>
/// <param name="Ignorable">Whether it may be left out where the version does not have it.</param>
/// <param name="Structure">Its type, where that is defined in this place.</param>
internal sealed record Field(
    string Name,
    string Type,
    bool IsArray,
    VersionRange Versions,
    VersionRange? Nullable,
    string? Default,
    int? Tag,
    bool Ignorable,
    string? Summary,
    Structure? Structure)
{
    /// <summary>Whether the type is another structure.</summary>
    public bool IsStructure => char.IsUpper(Type[0]);
}
