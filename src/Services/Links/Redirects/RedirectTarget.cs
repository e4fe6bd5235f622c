namespace Groundwork.Links;

/// <summary>What following a link needs to know of it. Immutable.</summary>
/// <param name="LongUrl">Where it leads.</param>
/// <param name="Alias">The alias that its number doesn't give; null where it does.</param>
/// <param name="Redirect">The status of the redirect.</param>
/// <param name="ForwardQuery">Whether the follower's query string is added to the address.</param>
/// <param name="IsDisabled">Whether it was switched off.</param>
/// <param name="ExpiresAt">When it stops leading there; null is never.</param>
internal sealed record RedirectTarget(string LongUrl, string? Alias, int Redirect, bool ForwardQuery, bool IsDisabled, DateTimeOffset? ExpiresAt)
{
    /// <summary>Whether it leads to a host that the operator has blocked since.</summary>
    public bool IsBlocked { get; init; }

    /// <summary>Whether it leads somewhere at a time.</summary>
    public bool IsLiveAt(DateTimeOffset now) => !IsDisabled && !IsBlocked && !(ExpiresAt <= now);

    /// <summary>The address for a follower who came with a query string.</summary>
    /// <param name="query">As it was sent, with its question mark; empty where there was none.</param>
    public string LocationWith(string query)
    {
        if (!ForwardQuery || query.Length <= 1)
            return LongUrl;
        var fragment = LongUrl.IndexOf('#', StringComparison.Ordinal);
        var address = fragment < 0 ? LongUrl : LongUrl[..fragment];
        var joint = address.IndexOf('?', StringComparison.Ordinal) switch
        {
            < 0 => "?",
            var at when at == address.Length - 1 => "",
            _ => "&",
        };
        return $"{address}{joint}{Escaped(query[1..])}{(fragment < 0 ? "" : LongUrl[fragment..])}";
    }

    // What no header carries, a client may have sent all the same.
    private static string Escaped(string query) => query.AsSpan().ContainsAnyExceptInRange('!', '~')
        ? string.Concat(query.EnumerateRunes().Select(r => r.Value is >= '!' and <= '~' ? r.ToString() : Uri.EscapeDataString(r.ToString())))
        : query;
}
