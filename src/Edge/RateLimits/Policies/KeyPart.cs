namespace Groundwork.RateLimits.Policies;

/// <summary>One thing by which callers are told apart. Immutable.</summary>
/// <param name="Kind">What.</param>
/// <param name="Header">Which header.</param>
internal sealed record KeyPart(KeyPartKind Kind, string Header = "")
{
    private const string HeaderPrefix = "header:";

    /// <summary>How it is written in a policy.</summary>
    public string Text => Kind == KeyPartKind.Header ? HeaderPrefix + Header : Kind.ToString().ToLowerInvariant();

    /// <summary>Reads <c>caller</c>, <c>address</c>, <c>route</c>, <c>header:X-Tenant</c>; null for anything else.</summary>
    public static KeyPart? Parse(string text) => text switch
    {
        "caller" => new(KeyPartKind.Caller),
        "address" => new(KeyPartKind.Address),
        "route" => new(KeyPartKind.Route),
        _ when text.StartsWith(HeaderPrefix, StringComparison.OrdinalIgnoreCase) && IsToken(text.AsSpan(HeaderPrefix.Length)) =>
            new(KeyPartKind.Header, text[HeaderPrefix.Length..]),
        _ => null,
    };

    // RFC 9110, 5.6.2.
    private static bool IsToken(ReadOnlySpan<char> name)
    {
        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && !"!#$%&'*+-.^_`|~".Contains(letter, StringComparison.Ordinal))
                return false;
        }

        return name.Length is > 0 and <= 64;
    }
}

/// <summary>By what callers are told apart.</summary>
internal enum KeyPartKind
{
    /// <summary>The principal: an API key, a token's subject. Whoever is unknown, on a public endpoint, by address.</summary>
    Caller,

    /// <summary>The address; of IPv6 the /64, which is one customer's.</summary>
    Address,

    /// <summary>The endpoint's route.</summary>
    Route,

    /// <summary>What a header says; whoever can choose what it says can escape the limit.</summary>
    Header,
}
