using Groundwork.Ports.Caching.Inspection;

namespace Groundwork.Platform.Caching.Api;

/// <summary>Names in addresses and answers: types as Redis calls them, and a space for what has no name.</summary>
internal static class RedisNames
{
    /// <summary>The clients' databases, which have no name among the spaces.</summary>
    public const string Clients = "clients";

    private static readonly string[] Types = ["string", "list", "hash", "set", "zset"];

    /// <summary>All types, to be named where another was asked for.</summary>
    public static string AllTypes { get; } = string.Join(", ", Types);

    public static string Of(CachedType type) => Types[(int)type];

    public static bool TryType(string name, out CachedType type)
    {
        var index = Array.IndexOf(Types, name);
        type = (CachedType)Math.Max(0, index);
        return index >= 0;
    }

    /// <summary>A space's name in addresses.</summary>
    public static string Of(ISpaceInspector space) => space.Name.Length == 0 ? Clients : space.Name;

    /// <summary>The space that an address names.</summary>
    public static ISpaceInspector? Find(this ICacheInspector cache, string name) => cache.Spaces.FirstOrDefault(s => Of(s) == name);
}
