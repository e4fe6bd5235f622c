using Groundwork.Cache.Entries;

namespace Groundwork.Cache.Values;

/// <summary>What a value is to those who use it.</summary>
internal enum ValueKind
{
    /// <summary>Bytes.</summary>
    Text,

    /// <summary>A list of elements.</summary>
    List,

    /// <summary>Fields with their values.</summary>
    Hash,

    /// <summary>Distinct members.</summary>
    Set,

    /// <summary>Distinct members with a score each.</summary>
    SortedSet,
}

/// <summary>Kinds by forms, and their names.</summary>
internal static class ValueKinds
{
    /// <summary>The kind of what is kept in a form.</summary>
    public static ValueKind Of(ValueForm form) => form switch
    {
        <= ValueForm.LargeText => ValueKind.Text,
        <= ValueForm.TreeList => ValueKind.List,
        <= ValueForm.TableHash => ValueKind.Hash,
        <= ValueForm.TableSet => ValueKind.Set,
        _ => ValueKind.SortedSet,
    };

    /// <summary>The kind's name in the protocol.</summary>
    public static ReadOnlySpan<byte> NameOf(ValueKind kind) => kind switch
    {
        ValueKind.Text => "string"u8,
        ValueKind.List => "list"u8,
        ValueKind.Hash => "hash"u8,
        ValueKind.Set => "set"u8,
        _ => "zset"u8,
    };

    /// <summary>The kind of a name, in any case; one that is not there where it is none.</summary>
    public static ValueKind Parse(ReadOnlySpan<byte> name)
    {
        for (var kind = ValueKind.Text; kind <= ValueKind.SortedSet; kind++)
        {
            if (System.Text.Ascii.EqualsIgnoreCase(name, NameOf(kind)))
                return kind;
        }

        return (ValueKind)(-1);
    }
}
