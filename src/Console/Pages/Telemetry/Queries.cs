using System.Globalization;
using Groundwork.Platform.Telemetry.Recent;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace Groundwork.Console.Pages.Telemetry;

/// <summary>What the pages of logs and traces look for, out of a query string: the page's own, and a live region's argument. Pure.</summary>
internal static class Queries
{
    /// <summary>The longest query that a live region takes, in characters.</summary>
    public const int MaxLength = 500;

    public static LogQuery Logs(string text)
    {
        var query = QueryHelpers.ParseQuery(text);
        return new LogQuery
        {
            Text = Given(query, "q"),
            MinLevel = Enum.TryParse<LogLevel>(Given(query, "level"), ignoreCase: true, out var level) && Enum.IsDefined(level) ? level : LogLevel.Trace,
            Category = Given(query, "module") is { } module ? $"Groundwork.{module}" : Given(query, "category"),
            TraceId = Given(query, "trace"),
            Before = Number(Given(query, "before")),
        };
    }

    public static TraceQuery Traces(string text)
    {
        var query = QueryHelpers.ParseQuery(text);
        return new TraceQuery
        {
            Text = Given(query, "q"),
            Route = Given(query, "route"),
            MinStatus = Number(Given(query, "status")) is { } status and <= 999 ? (int)status : null,
            MinDuration = Number(Given(query, "slower")) is { } ms and > 0 and < 1_000_000 ? TimeSpan.FromMilliseconds(ms) : null,
            Before = Number(Given(query, "before")),
            WithConsole = Given(query, "own") == "on",
        };
    }

    /// <summary>Whether a search for log entries leaves any out: those of one module's page are all it has.</summary>
    public static bool IsAsked(string text)
    {
        var query = QueryHelpers.ParseQuery(text);
        return query.Keys.Any(name => name != "module" && Given(query, name) is not null);
    }

    /// <summary>A query string with one value set, in place of what it had.</summary>
    public static string With(string text, string name, string value)
    {
        var query = QueryHelpers.ParseQuery(text).ToDictionary(p => p.Key, p => (string?)p.Value.ToString());
        query[name] = value;
        return QueryHelpers.AddQueryString("", query.Where(p => !string.IsNullOrEmpty(p.Value)));
    }

    private static string? Given(Dictionary<string, Microsoft.Extensions.Primitives.StringValues> query, string name) =>
        query.TryGetValue(name, out var value) && value.ToString().Trim() is { Length: > 0 } text ? text : null;

    private static long? Number(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
