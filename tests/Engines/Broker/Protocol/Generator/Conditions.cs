using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Tests.Protocol.Generator;

/// <summary>Questions about versions, as C#.</summary>
internal static class Conditions
{
    /// <summary>Whether the version is in a range; null where all that can come are.</summary>
    public static string? In(VersionRange range, VersionRange possible)
    {
        var from = range.From > possible.From;
        var to = range.To < possible.To;
        if (from && to)
            return range.From == range.To ? $"version == {range.From}" : $"version is >= {range.From} and <= {range.To}";
        if (from)
            return $"version >= {range.From}";
        return to ? range.To == 0 ? "version == 0" : $"version <= {range.To}" : null;
    }

    /// <summary>Whether the version is flexible, as an argument: said outright where only one answer is possible.</summary>
    public static string Flexible(Schema schema, VersionRange possible)
    {
        if (schema.FlexibleFrom is not { } from || possible.To < from)
            return "flexible: false";
        return possible.From >= from ? "flexible: true" : "flexible";
    }
}
