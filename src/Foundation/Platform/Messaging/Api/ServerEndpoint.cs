using Groundwork.Ports.Messaging;
using Groundwork.Ports.Messaging.Inspection;
using Groundwork.Ports.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Groundwork.Platform.Messaging.Api;

/// <summary><c>GET /v1/broker</c>.</summary>
internal static class ServerEndpoint
{
    public static IResult Read([FromServices] IBrokerInspector broker, [FromServices] SettingValues settings) => BrokerProblems.Try(() =>
    {
        var state = broker.ReadServer();

        // Behind the servers stand user and password.
        var shared = settings.Get(BrokerSettings.Connection).Split(';')[0];
        return Results.Ok(new ServerView(
            state.Address, state.ClusterId, state.Clients, state.Topics, state.Partitions, state.MaxPartitions, state.Groups, shared.Length == 0 ? null : shared));
    });
}

/// <summary>The server of the embedded broker.</summary>
/// <param name="Address">Where Kafka's protocol is served; absent where it is not.</param>
/// <param name="ClusterId">The cluster's id.</param>
/// <param name="Clients">How many clients are connected.</param>
/// <param name="Topics">How many topics there are.</param>
/// <param name="Partitions">How many partitions all of them have.</param>
/// <param name="MaxPartitions">How many that may be.</param>
/// <param name="Groups">How many groups there are.</param>
/// <param name="ModulesUse">Where the program's modules append and read, if that is another broker: its topics are not shown here, but by its own tools.</param>
internal sealed record ServerView(
    string? Address, string ClusterId, int Clients, int Topics, int Partitions, int MaxPartitions, int Groups, string? ModulesUse);
