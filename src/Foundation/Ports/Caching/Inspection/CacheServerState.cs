namespace Groundwork.Ports.Caching.Inspection;

/// <summary>How the server of the embedded cache is.</summary>
/// <param name="StartedAt">When it began.</param>
/// <param name="Addresses">Where Redis' protocol is served, each as <c>ip:port</c>; none where it is not.</param>
/// <param name="Clients">How many clients are connected.</param>
/// <param name="Commands">How many commands of theirs have run.</param>
/// <param name="Errors">How many of them were answered with an error.</param>
public sealed record CacheServerState(DateTimeOffset StartedAt, IReadOnlyList<string> Addresses, long Clients, long Commands, long Errors);

/// <summary>A command that took long.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Took">How long it ran.</param>
/// <param name="Arguments">Its name and arguments, shortened, a character a byte.</param>
/// <param name="Client">Its client's address.</param>
/// <param name="ClientName">What its client calls itself; empty where it doesn't.</param>
public sealed record SlowLogEntry(DateTimeOffset At, TimeSpan Took, IReadOnlyList<string> Arguments, string Client, string ClientName);
