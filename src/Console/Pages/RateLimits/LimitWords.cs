using System.Globalization;
using Groundwork.Console.Design;
using Groundwork.Ports.Settings;

namespace Groundwork.Console.Pages.RateLimits;

/// <summary>Policies in words for people. Pure.</summary>
internal static class LimitWords
{
    /// <summary>A limit: <c>100 a minute, up to 200 at once</c>.</summary>
    public static string Of(ShownLimit limit)
    {
        var (permits, period) = (Format.Count(limit.Permits), Period(limit.Period));
        return limit.Algorithm switch
        {
            "token-bucket" or "gcra" when limit.Burst == limit.Permits => $"{permits} {Per(limit.Period)}",
            "token-bucket" or "gcra" => $"{permits} {Per(limit.Period)}, up to {Format.Count(limit.Burst)} at once",
            "leaky-bucket" => $"{permits} {Per(limit.Period)} one after another, up to {Format.Count(limit.Burst)} waiting",
            "fixed-window" => $"{permits} in each {period}",
            "sliding-window" => $"{permits} in about any {period}",
            "sliding-log" => $"{permits} in any {period}",
            "concurrency" => $"{permits} at once, each for {Length(limit.Period)} at most",
            _ => $"{permits} in {period} by {limit.Algorithm}",
        };
    }

    /// <summary>All limits of a policy.</summary>
    public static string Of(IEnumerable<ShownLimit> limits) => string.Join("; and ", limits.Select(Of));

    /// <summary>A period as the file of policies has it: <c>15m</c>.</summary>
    public static string Text(double seconds)
    {
        var milliseconds = seconds * 1000;
        return milliseconds == Math.Floor(milliseconds)
            ? SettingText.Duration(TimeSpan.FromMilliseconds(milliseconds))
            : seconds.ToString("0.######", CultureInfo.InvariantCulture) + "s";
    }

    /// <summary>For whom a policy counts: <c>each caller and each route</c>.</summary>
    public static string By(ShownPolicy policy)
    {
        // Of a descriptor, the entries without a value tell callers apart.
        var parts = policy.By.Count > 0 ? policy.By : policy.Descriptor?.Entries.Where(e => !e.Contains('=', StringComparison.Ordinal)).ToList() ?? [];
        return parts.Count == 0 ? "all together" : string.Join(" and ", parts.Select(p => "each " + (p.StartsWith("header:", StringComparison.Ordinal) ? p["header:".Length..] : p)));
    }

    /// <summary>What it counts: <c>POST of /v1/urls</c>.</summary>
    public static string What(ShownPolicy policy)
    {
        var routes = policy.Routes switch { null => "every route", [] => "what asks for it by name", { } some => string.Join(", ", some) };
        if (policy.Descriptor is { } descriptor)
            return $"Envoy’s {descriptor.Domain}: {string.Join(", ", descriptor.Entries)}" + (policy.Routes is [] ? "" : $"; {routes}");
        return policy.Methods is { Count: > 0 } methods ? $"{string.Join(", ", methods)} of {routes}" : routes;
    }

    private static string Per(double seconds) => seconds is 1 or 60 or 3600 or 86400 ? Length(seconds) : $"in {Period(seconds)}";

    private static string Length(double seconds) => seconds switch { 1 => "a second", 60 => "a minute", 3600 => "an hour", 86400 => "a day", _ => Period(seconds) };

    private static string Period(double seconds) => seconds switch
    {
        1 => "second",
        60 => "minute",
        3600 => "hour",
        86400 => "day",
        _ => Format.Duration(TimeSpan.FromSeconds(seconds)),
    };
}
