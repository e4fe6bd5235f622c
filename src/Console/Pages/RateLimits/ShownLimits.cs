namespace Groundwork.Console.Pages.RateLimits;

/// <summary>All policies, as the API shows them.</summary>
public sealed record ShownPolicies(IReadOnlyList<ShownPolicy> Items);

/// <summary>A policy, as the API shows it.</summary>
public sealed record ShownPolicy(
    string Name,
    IReadOnlyList<string>? Routes,
    IReadOnlyList<string>? Methods,
    ShownDescriptor? Descriptor,
    IReadOnlyList<string> By,
    IReadOnlyList<ShownLimit> Limits,
    long Cost,
    bool Shadow,
    string StoreDown,
    int Batch,
    long Allowed,
    long Refused,
    long Shadowed,
    long Uncounted,
    ShownRates PerSecond);

/// <summary>Which descriptors of Envoy's a policy is for.</summary>
public sealed record ShownDescriptor(string Domain, IReadOnlyList<string> Entries);

/// <summary>A limit; its period in seconds.</summary>
public sealed record ShownLimit(string Algorithm, long Permits, double Period, long Burst);

/// <summary>How many there are a second of each outcome.</summary>
public sealed record ShownRates(double Allowed, double Refused, double Shadowed, double Uncounted);

/// <summary>What a copy has seen of a policy lately.</summary>
public sealed record ShownTraffic(DateTimeOffset Since, int Step, IReadOnlyList<ShownPoint> Series, ShownRates PerSecond, ShownTopKeys Asked, ShownTopKeys Refused, ShownRecorded Recorded);

/// <summary>What was counted in one step.</summary>
public sealed record ShownPoint(DateTimeOffset From, long Allowed, long Refused, long Shadowed, long Uncounted);

/// <summary>Keys that come most.</summary>
public sealed record ShownTopKeys(double PerSecond, IReadOnlyList<ShownTopKey> Keys);

/// <summary>One of them.</summary>
public sealed record ShownTopKey(string Key, double PerSecond, double Share, double ErrorShare);

/// <summary>What is recorded of the requests themselves.</summary>
public sealed record ShownRecorded(DateTimeOffset Since, DateTimeOffset Until, double KeyShare, long Requests, long OfRequests);

/// <summary>What other limits would have done.</summary>
public sealed record ShownWhatIf(ShownRecorded Recorded, int Keys, ShownReplay InForce, ShownReplay Proposed, IReadOnlyList<ShownReplayedKey> Hardest);

/// <summary>What limits would have done to recorded traffic.</summary>
public sealed record ShownReplay(IReadOnlyList<ShownLimit> Limits, long Allowed, long Refused, double RefusedShare, long Delayed, int RefusedKeys);

/// <summary>What they would have done to a key; without a name where nobody kept it.</summary>
public sealed record ShownReplayedKey(string? Key, long Requests, long RefusedInForce, long RefusedProposed);

/// <summary>What a take would say.</summary>
public sealed record ShownPeek(IReadOnlyList<ShownPeekedLimit> Limits);

/// <summary>What is left of one limit.</summary>
public sealed record ShownPeekedLimit(string Name, long Remaining, double ResetAfter);
