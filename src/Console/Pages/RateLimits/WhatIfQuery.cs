using System.Globalization;
using System.Text.Json.Nodes;
using Groundwork.Console.Shell;
using Groundwork.Primitives.Limiting;

namespace Groundwork.Console.Pages.RateLimits;

/// <summary>The limits that somebody tries: what stands in the page's address, as it was typed. Immutable.</summary>
/// <param name="Limits">Those that say anything, in their order.</param>
public sealed record WhatIfQuery(IReadOnlyList<TriedLimit> Limits)
{
    /// <summary>The most limits of a policy.</summary>
    public const int MaxLimits = 4;

    /// <summary>What can be replayed: not how long something is at work.</summary>
    public static IReadOnlyList<string> Algorithms { get; } = [.. LimitAlgorithmNames.All.Where(name => name != LimitAlgorithmNames.Of(LimitAlgorithm.Concurrency))];

    /// <summary>Whether somebody asks.</summary>
    public bool IsAsked => Limits.Count > 0;

    /// <summary>Reads what the address says.</summary>
    internal static WhatIfQuery Of(Viewer viewer)
    {
        string[] Of(string name) => [.. viewer.Http.Request.Query[name].Select(v => v?.Trim() ?? "").Take(MaxLimits)];
        var (algorithms, permits, periods, bursts) = (Of("algorithm"), Of("permits"), Of("period"), Of("burst"));
        return new([.. Enumerable.Range(0, MaxLimits)
            .Select(i => new TriedLimit(algorithms.ElementAtOrDefault(i) ?? "", permits.ElementAtOrDefault(i) ?? "", periods.ElementAtOrDefault(i) ?? "", bursts.ElementAtOrDefault(i) ?? ""))
            .Where(l => !l.IsEmpty)]);
    }

    /// <summary>Those in force, as one would type them.</summary>
    public static WhatIfQuery Of(ShownPolicy policy) => new([.. policy.Limits.Select(TriedLimit.Of)]);

    /// <summary>What to ask the API for.</summary>
    public JsonObject ToBody() => new() { ["limits"] = new JsonArray([.. Limits.Select(l => (JsonNode)l.ToBody())]) };
}

/// <summary>A limit as it was typed. Immutable.</summary>
public sealed record TriedLimit(string Algorithm, string Permits, string Period, string Burst)
{
    /// <summary>What a further one begins with.</summary>
    public static TriedLimit None { get; } = new("", "", "", "");

    /// <summary>Whether it says nothing: which algorithm is always said.</summary>
    public bool IsEmpty => Permits.Length + Period.Length + Burst.Length == 0;

    public static TriedLimit Of(ShownLimit limit) => new(
        limit.Algorithm,
        limit.Permits.ToString(CultureInfo.InvariantCulture),
        LimitWords.Text(limit.Period),
        limit.Algorithm is "token-bucket" or "gcra" or "leaky-bucket" && limit.Burst != limit.Permits ? limit.Burst.ToString(CultureInfo.InvariantCulture) : "");

    internal JsonObject ToBody()
    {
        var body = new JsonObject();
        if (Algorithm.Length > 0)
            body["algorithm"] = Algorithm;
        body["permits"] = Number(Permits);
        body["period"] = Period;
        if (Burst.Length > 0)
            body["burst"] = Number(Burst);
        return body;
    }

    // What is no number is sent as it is, so that the API says what is wrong with it.
    private static JsonNode Number(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : text;
}
