namespace Groundwork.Broker.Tests.Protocol.Generator;

/// <summary>
/// The fewest bytes that a structure takes in any version: what bounds the count that an array may claim, before anything
/// is allocated for its elements.
/// </summary>
internal static class LeastBytes
{
    public static int Of(Schema schema, Structure structure, Func<string, Structure> find)
    {
        var least = int.MaxValue;
        for (var version = structure.Versions.From; version <= structure.Versions.To; version++)
            least = Math.Min(least, Of(schema, structure, find, version));
        return Math.Max(least, 1);
    }

    private static int Of(Schema schema, Structure structure, Func<string, Structure> find, short version)
    {
        var flexible = version >= schema.FlexibleFrom;
        var sum = flexible ? 1 : 0;
        foreach (var field in structure.Fields.Where(f => f.Tag is null && f.Versions.Contains(version)))
            sum += Of(schema, field, find, version, flexible);
        return sum;
    }

    private static int Of(Schema schema, Field field, Func<string, Structure> find, short version, bool flexible)
    {
        if (field.IsArray)
            return flexible ? 1 : 4;
        if (field.IsStructure)
            return field.Nullable is null ? Of(schema, find(field.Type), find, version) : 1;
        return Types.Of(field.Type).Bytes ?? (flexible ? 1 : field.Type == "string" ? 2 : 4);
    }
}
