using Groundwork.Platform.Http;
using Groundwork.Ports.Caching.Inspection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Groundwork.Platform.Caching.Api;

/// <summary><c>GET /v1/cache</c>, <c>GET /v1/cache/slow-log</c>.</summary>
internal static class ServerEndpoints
{
    private const int MaxSlow = 128;

    public static IResult Read([FromServices] ICacheInspector cache)
    {
        var state = cache.ReadServer();
        return Results.Ok(new ServerView(state.StartedAt, state.Addresses, state.Clients, state.Commands, state.Errors));
    }

    public static IResult ReadSlowLog([FromQuery(Name = "limit")] int? limit, [FromServices] ICacheInspector cache) =>
        limit is < 1 or > MaxSlow
            ? CacheProblems.Invalid("limit", $"limit must be a whole number from 1 to {MaxSlow}, not {limit}.")
            : Results.Ok(new Page<SlowLogView>([.. cache.ReadSlowLog(limit ?? MaxSlow).Select(SlowLogView.Of)], null));
}

/// <summary>The server of the embedded cache.</summary>
/// <param name="StartedAt">When it began.</param>
/// <param name="Addresses">Where Redis' protocol is served; none where it is not.</param>
/// <param name="Clients">How many clients are connected by Redis' protocol.</param>
/// <param name="Commands">How many commands of theirs have run.</param>
/// <param name="Errors">How many of them were answered with an error.</param>
internal sealed record ServerView(DateTimeOffset StartedAt, IReadOnlyList<string> Addresses, long Clients, long Commands, long Errors);

/// <summary>A command that took long.</summary>
/// <param name="At">When it ended, to the second.</param>
/// <param name="Seconds">How long it ran.</param>
/// <param name="Arguments">Its name and arguments, shortened; passwords are left out.</param>
/// <param name="Client">Its client's address.</param>
/// <param name="ClientName">What its client calls itself.</param>
internal sealed record SlowLogView(DateTimeOffset At, double Seconds, IReadOnlyList<string> Arguments, string Client, string ClientName)
{
    public static SlowLogView Of(SlowLogEntry entry) => new(entry.At, entry.Took.TotalSeconds, entry.Arguments, entry.Client, entry.ClientName);
}
