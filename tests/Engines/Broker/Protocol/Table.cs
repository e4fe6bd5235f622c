using System.Runtime.CompilerServices;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Tests.Protocol.Generator;

namespace Groundwork.Broker.Tests.Protocol;

/// <summary>The table of messages as it is checked in, and the classes that were made of it.</summary>
internal static class Table
{
    /// <summary>The folder of the protocol's sources.</summary>
    public static string Folder { get; } = Find();

    /// <summary>Every file of the table: data first, then the APIs in the order of their numbers.</summary>
    public static IReadOnlyList<Schema> Schemas { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(Folder, "Schema"))
            .Where(f => f.EndsWith(".api", StringComparison.Ordinal) || f.EndsWith(".data", StringComparison.Ordinal))
            .Select(SchemaReader.Read)
            .OrderBy(s => s.Key)
            .ThenBy(s => s.Name, StringComparer.Ordinal),
    ];

    /// <summary>Every message in every version.</summary>
    public static IEnumerable<(Schema Schema, Structure Message, short Version)> Versions =>
        from schema in Schemas
        from message in schema.Messages
        from version in Enumerable.Range(schema.Versions.From, schema.Versions.To - schema.Versions.From + 1)
        select (schema, message, (short)version);

    /// <summary>The class of a message.</summary>
    public static Type Class(Structure message) => typeof(IMessage).Assembly.GetType($"{typeof(IMessage).Namespace}.{message.Name}", throwOnError: true)!;

    /// <summary>The structure that a field is of.</summary>
    public static Structure StructureOf(Structure message, Field field) => field.Structure ?? message.Inner().First(s => s.Name == field.Type);

    private static string Find([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "..", "src", "Engines", "Broker", "Protocol"));
}
