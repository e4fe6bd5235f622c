using System.Buffers.Binary;
using System.Net;
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

    private readonly Dictionary<string, (UserAgent Agent, ulong Fingerprint)> _agents = [];
    private readonly Dictionary<string, string> _referrers = [];
    private readonly Dictionary<string, string> _languages = [];

    /// <summary>Understands a click. What it gives is shared with others that said the same, and holds on to nothing of the request.</summary>
    /// <param name="click">The click.</param>
    /// <param name="salt">Under which the visitors of its day are told apart.</param>
    public ReadClick Read(in Click click, VisitorSalt salt)
    {
        if (click.Kind is not ClickKind.Click)
            return new(click.Kind, UserAgent.Unknown, "", "", 0);
        var (agent, fingerprint) = click.UserAgent is { } header ? Remember(_agents, header, AgentOf) : (UserAgent.Unknown, 0ul);
        return agent.Bot is not null
            ? new(ClickKind.Bot, agent, "", "", 0)
            : new(
                ClickKind.Click,
                agent,
                click.Referrer is { } referrer ? Remember(_referrers, referrer, ReferrerOf) : "direct",
                click.Language is { } language ? Remember(_languages, language, LanguageOf) : Rollup.Other,
                VisitorOf(click.Address, fingerprint, salt));
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

    // The header is long and comes again and again: what tells it apart is remembered with it, and is the same in all copies.
    private static (UserAgent Agent, ulong Fingerprint) AgentOf(string header)
    {
        const int MaxLength = 256;
        return (UserAgent.Read(header), SipHash.Hash(0, 0, MemoryMarshal.AsBytes(header.AsSpan(0, Math.Min(header.Length, MaxLength)))));
    }

    private static ulong VisitorOf(IPAddress? address, ulong agent, VisitorSalt salt)
    {
        const int AddressBytes = 16;
        Span<byte> text = stackalloc byte[sizeof(ulong) + AddressBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(text, agent);
        var length = 0;
        if (address is not null)
            (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).TryWriteBytes(text[sizeof(ulong)..], out length);
        return SipHash.Hash(salt.Key0, salt.Key1, text[..(sizeof(ulong) + length)]);
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
