using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;

namespace Groundwork.Platform.Http;

/// <summary>One page of a listing.</summary>
/// <param name="Items">At most as many as were asked for, in the listing's order.</param>
/// <param name="NextCursor">Where the next page begins; null on the last one.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary>Makes pages.</summary>
public static class Page
{
    /// <summary>A page of rows that were read with one more than asked for, which says whether there is another page.</summary>
    /// <param name="rows">Up to <paramref name="limit"/> + 1 rows.</param>
    /// <param name="limit">How many were asked for.</param>
    /// <param name="view">How a row is shown.</param>
    /// <param name="position">Where a row stands in the listing's order: the next page begins after it.</param>
    public static Page<TView> Of<TRow, TView, TPosition>(
        IReadOnlyList<TRow> rows, int limit, Func<TRow, TView> view, Func<TRow, TPosition> position)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var items = rows.Take(limit).Select(view).ToList();
        return new Page<TView>(items, rows.Count > limit ? Cursor.Write(position(rows[limit - 1])) : null);
    }
}

/// <summary>What a caller asks of a listing; taken by an endpoint as <c>[AsParameters] PageRequest page</c>.</summary>
/// <param name="Limit">How many items at most: 1 to 1,000, by default 50.</param>
/// <param name="Cursor">The <c>next_cursor</c> of the page before; nothing for the first page.</param>
public readonly record struct PageRequest([property: FromQuery(Name = "limit")] int? Limit, [property: FromQuery(Name = "cursor")] string? Cursor)
{
    /// <summary>How many items a page has where nothing was asked.</summary>
    public const int DefaultLimit = 50;

    /// <summary>How many items a page can have.</summary>
    public const int MaxLimit = 1000;

    /// <summary>Checks and understands the request.</summary>
    /// <param name="limit">How many items at most.</param>
    /// <param name="after">The position after which the page begins; the default of its type on the first page.</param>
    /// <param name="problem">What is wrong with it, when false is returned.</param>
    public bool TryRead<TPosition>(out int limit, out TPosition? after, [NotNullWhen(false)] out ProblemResult? problem)
    {
        (limit, after, problem) = (Limit ?? DefaultLimit, default, null);
        if (limit is < 1 or > MaxLimit)
            problem = Problem.InvalidRequest.Result($"limit must be a whole number from 1 to {MaxLimit}, not {limit}.") with { Member = "limit" };
        else if (!string.IsNullOrEmpty(Cursor) && !Http.Cursor.TryRead(Cursor, out after))
            problem = Problem.InvalidRequest.Result("cursor must be a next_cursor of this listing, exactly as it was given.") with { Member = "cursor" };
        return problem is null;
    }
}

/// <summary>
/// A position in a listing as callers carry it: opaque, URL-safe, and never an authority: whoever forges one reads the same
/// listing from another place.
/// </summary>
public static class Cursor
{
    private const int MaxLength = 1024;

    /// <summary>Writes a position.</summary>
    public static string Write<TPosition>(TPosition position) =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(position, HttpJson.Options));

    /// <summary>Reads a position; false where the text isn't one of this type.</summary>
    public static bool TryRead<TPosition>(string text, [MaybeNull] out TPosition position)
    {
        ArgumentNullException.ThrowIfNull(text);
        position = default;
        if (text.Length > MaxLength || !Base64Url.IsValid(text))
            return false;
        try
        {
            position = JsonSerializer.Deserialize<TPosition>(Base64Url.DecodeFromChars(text), HttpJson.Options);
            return position is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
