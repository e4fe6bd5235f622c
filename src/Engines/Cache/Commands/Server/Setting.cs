
namespace Groundwork.Cache.Commands.Server;

/// <summary>A setting as CONFIG sees it.</summary>
/// <param name="Name">In lower case.</param>
/// <param name="Get">Its value in force, as text.</param>
/// <param name="Set">Reads a text, and says how it comes into force, or why it cannot; null where it cannot be changed while running.</param>
internal sealed record Setting(string Name, Func<CacheEngine, string> Get, Func<CacheEngine, string, Change>? Set);

/// <summary>What a new value of a setting means.</summary>
/// <param name="Apply">Puts it into force.</param>
/// <param name="Error">Why it cannot be; null where it can.</param>
internal readonly record struct Change(Action? Apply, string? Error)
{
    /// <summary>It can be.</summary>
    public static Change To(Action apply) => new(apply, null);

    /// <summary>It cannot be.</summary>
    public static Change Refused(string error) => new(null, error);
}
