using Groundwork.Cache.Commands.Channels;
using Groundwork.Cache.Commands.Cluster;
using Groundwork.Cache.Commands.Connections;
using Groundwork.Cache.Commands.Hashes;
using Groundwork.Cache.Commands.Keys;
using Groundwork.Cache.Commands.Leases;
using Groundwork.Cache.Commands.Limits;
using Groundwork.Cache.Commands.Lists;
using Groundwork.Cache.Commands.Popularity;
using Groundwork.Cache.Commands.Server;
using Groundwork.Cache.Commands.Sets;
using Groundwork.Cache.Commands.SortedSets;
using Groundwork.Cache.Commands.Strings;
using Groundwork.Cache.Commands.Transactions;

namespace Groundwork.Cache.Commands;

/// <summary>Every command, a family after the other.</summary>
internal static class CommandCatalog
{
    /// <summary>All of them.</summary>
    public static IEnumerable<Command> All =>
    [
        .. StringCommands.All,
        .. LeaseCommands.All,
        .. LimitCommands.All,
        .. HashCommands.All,
        .. ListCommands.All,
        .. SetCommands.All,
        .. SortedSetCommands.All,
        .. KeyCommands.All,
        .. TransactionCommands.All,
        .. ChannelCommands.All,
        .. ConnectionCommands.All,
        .. ClusterCommands.All,
        .. ServerCommands.All,
        .. PopularityCommands.All,
    ];
}
