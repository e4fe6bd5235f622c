using System.Diagnostics.CodeAnalysis;
using System.Text;
using Groundwork.Platform.Http;
using Groundwork.Ports.Caching.Inspection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Groundwork.Platform.Caching.Api;

/// <summary><c>GET /v1/cache/spaces/{space}/keys</c>.</summary>
internal static class KeyListEndpoint
{
    public const string Description =
        "In no order, as SCAN shows them: a key that is there from the first page to the last is shown at least once, others may be. A page may have a "
        + "few more keys than limit. A request looks at some 20,000 keys at most: where few of them match, a page may be short or even empty and "
        + "still have a next_cursor, with which to go on. Only a page without next_cursor is the last.";

    private const int MaxPatternLength = 256;

    public static IResult Read(
        string space, [AsParameters] PageRequest page, [AsParameters] KeyListRequest request, [FromServices] ICacheInspector cache)
    {
        if (cache.Find(space) is not { } found)
            return CacheProblems.NoSpace(space);
        if (!page.TryRead<CachePosition>(out var limit, out var after, out var problem) || !TryRead(request, found, out var query, out problem))
            return problem;
        var keys = found.ReadKeys(query with { Count = limit, Cursor = after?.At ?? 0 });
        return Results.Ok(new Page<KeyItemView>(
            [.. keys.Keys.Select(KeyItemView.Of)], keys.Next is { } next ? Cursor.Write(new CachePosition(next)) : null));
    }

    private static bool TryRead(
        KeyListRequest request, ISpaceInspector space, [NotNullWhen(true)] out KeyQuery? query, [NotNullWhen(false)] out ProblemResult? problem)
    {
        query = null;
        CachedType? type = null;
        if (!DatabaseNumber.TryRead(request.Database, space, out var database, out problem))
            return false;
        if (request.Match is { Length: > MaxPatternLength } match)
            problem = CacheProblems.Invalid("match", $"match has {match.Length} characters; {MaxPatternLength} are allowed.");
        else if (string.IsNullOrEmpty(request.Type))
            problem = null;
        else if (RedisNames.TryType(request.Type, out var named))
            type = named;
        else
            problem = CacheProblems.Invalid("type", $"type must be one of {RedisNames.AllTypes}, not '{request.Type}'.");
        query = new KeyQuery { Database = database, Pattern = Encoding.UTF8.GetBytes(request.Match ?? ""), Type = type, Count = 1 };
        return problem is null;
    }
}

/// <summary>Which keys are asked for.</summary>
/// <param name="Match">What their names are like, as Redis' KEYS has it: <c>*</c> any characters, <c>?</c> one byte, <c>[a-z]</c> one of several, a
/// backslash before what is meant as it is; at most 256 characters.</param>
/// <param name="Type">What they hold: string, list, hash, set or zset.</param>
/// <param name="Database">In which database: 0, the default, to 15; 0 in all spaces but the clients'.</param>
internal readonly record struct KeyListRequest(
    [property: FromQuery(Name = "match")] string? Match, [property: FromQuery(Name = "type")] string? Type, [property: FromQuery(Name = "database")] int? Database);

/// <summary>The database that a request names.</summary>
internal static class DatabaseNumber
{
    public static bool TryRead(int? asked, ISpaceInspector space, out int database, [NotNullWhen(false)] out ProblemResult? problem)
    {
        database = asked ?? 0;
        problem = database >= 0 && database < space.Databases ? null
            : CacheProblems.Invalid("database", space.Databases == 1
                ? $"database must be 0 in the space '{RedisNames.Of(space)}', not {database}: only '{RedisNames.Clients}' has more."
                : $"database must be a whole number from 0 to {space.Databases - 1}, not {database}.");
        return problem is null;
    }
}

/// <summary>Where a page of keys, or of what a key holds, begins.</summary>
internal sealed record CachePosition(ulong At);
