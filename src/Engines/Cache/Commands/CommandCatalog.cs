using Groundwork.Cache.Commands.Connections;
using Groundwork.Cache.Commands.Hashes;
using Groundwork.Cache.Commands.Keys;
using Groundwork.Cache.Commands.Server;
using Groundwork.Cache.Commands.Sets;
using Groundwork.Cache.Commands.Strings;

namespace Groundwork.Cache.Commands;

/// <summary>Every command, a family after the other.</summary>
internal static class CommandCatalog
{
    /// <summary>All of them.</summary>
    public static IEnumerable<Command> All =>
    [
        .. StringCommands.All,
        .. HashCommands.All,
        .. SetCommands.All,
        .. KeyCommands.All,
        .. ConnectionCommands.All,
        .. ServerCommands.All,
    ];
}
