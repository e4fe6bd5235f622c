namespace Groundwork.Console.Pages.Cache;

/// <summary>The cache's server, as the API shows it.</summary>
public sealed record ShownServer(DateTimeOffset StartedAt, IReadOnlyList<string> Addresses, long Clients, long Commands, long Errors);

/// <summary>A space, as the API shows it.</summary>
public sealed record ShownSpace(
    string Name,
    int Databases,
    long Keys,
    long Expiring,
    long HeldBytes,
    long? LimitBytes,
    string Policy,
    long Hits,
    long Misses,
    double? HitRatio,
    long Evictions,
    long Expirations);

/// <summary>All of them.</summary>
public sealed record ShownSpaces(IReadOnlyList<ShownSpace> Items);

/// <summary>A key in a list.</summary>
public sealed record ShownKey(string? Key, string? KeyBase64, string Type, string Encoding, long Bytes, DateTimeOffset? ExpiresAt);

/// <summary>A page of them.</summary>
public sealed record ShownKeys(IReadOnlyList<ShownKey> Items, string? NextCursor);

/// <summary>A key with a part of what it holds.</summary>
public sealed record ShownKeyDetail(
    string Type,
    string Encoding,
    long Bytes,
    DateTimeOffset? ExpiresAt,
    double? IdleSeconds,
    int? Frequency,
    long Length,
    IReadOnlyList<ShownElement> Elements,
    string? NextCursor);

/// <summary>One element of it.</summary>
public sealed record ShownElement(string? Field, string? FieldBase64, string? Value, string? ValueBase64, long? ValueBytes, string? Score);

/// <summary>The keys that are read most.</summary>
public sealed record ShownHotKeys(IReadOnlyList<ShownHotKey> Items, double ReadsPerSecond, double? Kept);

/// <summary>One of them.</summary>
public sealed record ShownHotKey(int Database, string? Key, string? KeyBase64, double PerSecond, double Share, double ErrorShare);

/// <summary>What share of lookups would miss with other bounds.</summary>
public sealed record ShownCurve(IReadOnlyList<ShownCurvePoint> Points, long Lookups, string Policy);

/// <summary>What one bound would give.</summary>
public sealed record ShownCurvePoint(long LimitBytes, double Scale, double MissRatio);

/// <summary>A command that took long.</summary>
public sealed record ShownSlow(DateTimeOffset At, double Seconds, IReadOnlyList<string> Arguments, string Client, string ClientName);

/// <summary>The last of them.</summary>
public sealed record ShownSlowLog(IReadOnlyList<ShownSlow> Items);
