using System.Runtime.InteropServices;
using Groundwork.Primitives;

namespace Groundwork.Links.Clicks;

/// <summary>
/// Understands clicks: turns what requests said into the values that are counted. Remembers what it has understood, a bounded
/// number of it. Not for concurrent use.
/// </summary>
internal sealed class ClickReader
{
    // Headers come in few forms, and each is worth a hundred look-ups.
    private const int MaxRemembered = 4096;

    private readonly Dictionary<string, UserAgent> _agents = [];
    private readonly Dictionary<string, string> _referrers = [];
    private readonly Dictionary<string, string> _languages = [];

    /// <summary>Understands a click. What it gives is shared with others that said the same, and holds on to nothing of the request.</summary>
    /// <param name="click">The click.</param>
    /// <param name="salt">Under which the visitors of its day are told apart.</param>
    public ReadClick Read(in Click click, VisitorSalt salt)
    {
        if (click.Kind is not ClickKind.Click)
            return new(click.Kind, UserAgent.Unknown, "", "", 0);
        var agent = click.UserAgent is { } header ? Remember(_agents, header, UserAgent.Read) : UserAgent.Unknown;
        return agent.Bot is not null
            ? new(ClickKind.Bot, agent, "", "", 0)
            : new(
                ClickKind.Click,
                agent,
                click.Referrer is { } referrer ? Remember(_referrers, referrer, ReferrerOf) : "direct",
                click.Language is { } language ? Remember(_languages, language, LanguageOf) : Rollup.Other,
                VisitorOf(click, salt));
    }

    /// <summary>The host of a page's address, without <c>www.</c>.</summary>
    internal static string ReferrerOf(string header)
    {
        if (!Uri.TryCreate(header, UriKind.Absolute, out var uri) || uri.Host.Length is 0 or > Rollup.MaxValueLength)
            return Rollup.Other;
        var host = uri.Host.ToLowerInvariant();
        return host.StartsWith("www.", StringComparison.Ordinal) && host.Length > 4 ? host[4..] : host;
    }

    /// <summary>The primary subtag of the first language: <c>de</c> of <c>de-AT,de;q=0.8</c>.</summary>
    internal static string LanguageOf(string header)
    {
        var end = header.AsSpan().IndexOfAny(",;-_");
        var tag = (end < 0 ? header.AsSpan() : header.AsSpan(0, end)).Trim();
        return tag.Length is 2 or 3 && !tag.ContainsAnyExceptInRange('A', 'z') && !tag.ContainsAnyInRange('[', '`') ? tag.ToString().ToLowerInvariant() : Rollup.Other;
    }

    private static ulong VisitorOf(in Click click, VisitorSalt salt)
    {
        const int MaxAgent = 256;
        const int AddressBytes = 16;
        Span<byte> text = stackalloc byte[AddressBytes + (sizeof(char) * MaxAgent)];
        var length = 0;
        if (click.Address is { } address)
            (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).TryWriteBytes(text, out length);
        var agent = MemoryMarshal.AsBytes(click.UserAgent.AsSpan());
        agent = agent[..Math.Min(agent.Length, sizeof(char) * MaxAgent)];
        agent.CopyTo(text[length..]);
        return SipHash.Hash(salt.Key0, salt.Key1, text[..(length + agent.Length)]);
    }

    private static T Remember<T>(Dictionary<string, T> known, string header, Func<string, T> read)
    {
        if (known.TryGetValue(header, out var value))
            return value;
        if (known.Count >= MaxRemembered)
            known.Clear();
        return known[header] = read(header);
    }
}

/// <summary>The key of a day under which visitors are told apart.</summary>
internal readonly record struct VisitorSalt(long Day, ulong Key0, ulong Key1);
