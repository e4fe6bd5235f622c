using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Groundwork.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Groundwork.Links;

/// <summary>
/// What a link may be made of: the one place where what callers send is checked and brought into the form that is kept.
/// </summary>
internal sealed class LinkRules(OwnAddresses own, Blocklist blocklist, TimeProvider time)
{
    public const int MaxOwnerLength = 128;

    public const int MaxTitleLength = 512;

    public const int MaxTags = 16;

    public const int MaxTagLength = 64;

    private static readonly long LongestTtl = (long)TimeSpan.FromDays(36_525).TotalSeconds;

    /// <summary>Checks the body of a create.</summary>
    /// <param name="body">What was sent.</param>
    /// <param name="host">The host that the request came to.</param>
    /// <param name="request">What is wanted.</param>
    /// <param name="problem">What is wrong with it.</param>
    public bool TryRead(CreateLink body, HostString host, [NotNullWhen(true)] out LinkRequest? request, [NotNullWhen(false)] out ProblemResult? problem)
    {
        request = null;
        if (body.CustomAlias is { } alias && !Alias.TryCheck(alias, out var error))
            problem = LinksProblems.Invalid("custom_alias", error);
        else if (TryReadTarget(body.LongUrl, host, out var longUrl, out problem)
            && TryReadEnd(body.Ttl, body.ExpiresAt, out var expiresAt, out problem)
            && TryRead(new LinkContent(longUrl)
            {
                ExpiresAt = expiresAt,
                Redirect = body.Redirect ?? 302,
                ForwardQuery = body.ForwardQuery ?? false,
                Owner = body.Owner,
                Tags = body.Tags ?? [],
                Title = body.Title,
            }, out var content, out problem))
            request = new LinkRequest(content, body.CustomAlias, body.Dedupe ?? false);
        return request is not null;
    }

    /// <summary>Checks the body of an edit, and applies it.</summary>
    /// <param name="edit">What was sent.</param>
    /// <param name="link">As it is.</param>
    /// <param name="host">The host that the request came to.</param>
    /// <param name="edited">As it is to be.</param>
    /// <param name="problem">What is wrong with the edit.</param>
    public bool TryApply(EditLink edit, Link link, HostString host, [NotNullWhen(true)] out Link? edited, [NotNullWhen(false)] out ProblemResult? problem)
    {
        edited = null;
        var (longUrl, expiresAt) = (link.Content.LongUrl, link.Content.ExpiresAt);
        if (edit.LongUrl.IsSet && !TryReadTarget(edit.LongUrl.Value, host, out longUrl, out problem))
            return false;
        if ((edit.Ttl.IsSet || edit.ExpiresAt.IsSet) && !TryReadEnd(edit.Ttl.Value, edit.ExpiresAt.Value, out expiresAt, out problem))
            return false;
        if (!TryRead(new LinkContent(longUrl)
        {
            ExpiresAt = expiresAt,
            Redirect = edit.Redirect.Or(link.Content.Redirect) ?? 302,
            ForwardQuery = edit.ForwardQuery.Or(link.Content.ForwardQuery) ?? false,
            Owner = edit.Owner.Or(link.Content.Owner),
            Tags = edit.Tags.Or(link.Content.Tags) ?? [],
            Title = edit.Title.Or(link.Content.Title),
        }, out var content, out problem))
            return false;

        var disabled = edit.Disabled.Or(link.State == LinkState.Disabled) ?? false;
        edited = link with { Content = content, State = disabled ? LinkState.Disabled : LinkState.Live };
        return true;
    }

    private bool TryReadTarget(string? text, HostString here, out string longUrl, [NotNullWhen(false)] out ProblemResult? problem)
    {
        problem = null;
        if (!LongUrl.TryNormalize(text, out longUrl, out var url, out var error))
            problem = LinksProblems.Invalid("long_url", error);
        else if (WebHost.Of(url) is var host && own.Contain(host, WebHost.PortOf(url), here.Value))
            problem = LinksProblems.Invalid("long_url", $"long_url leads to {host}, which is this server itself: links that lead to links may go around for ever.");
        else if (blocklist.Hosts.Contains(host))
            problem = LinksProblems.Invalid("long_url", $"long_url leads to {host}, which whoever runs this server has blocked.");
        return problem is null;
    }

    private static bool TryRead(LinkContent sent, [NotNullWhen(true)] out LinkContent? content, [NotNullWhen(false)] out ProblemResult? problem)
    {
        problem = sent switch
        {
            { Redirect: not (301 or 302 or 307 or 308) } => LinksProblems.Invalid("redirect", $"redirect must be 301, 302, 307 or 308, not {sent.Redirect}."),
            { Owner: { } owner } when !IsLabel(owner, MaxOwnerLength) => LinksProblems.Invalid("owner", LabelError("owner", MaxOwnerLength)),
            { Title: { } title } when !IsLabel(title, MaxTitleLength) => LinksProblems.Invalid("title", LabelError("title", MaxTitleLength)),
            { Tags.Count: > MaxTags } => LinksProblems.Invalid("tags", $"tags has {sent.Tags.Count} tags; {MaxTags} are allowed."),
            _ when !sent.Tags.All(IsTag) =>
                LinksProblems.Invalid("tags", $"Each of tags must be 1 to {MaxTagLength} characters, without commas, control characters and spaces around it."),
            _ => null,
        };
        content = problem is null ? sent with { Tags = [.. sent.Tags.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)] } : null;
        return content is not null;
    }

    private bool TryReadEnd(long? ttl, DateTimeOffset? end, out DateTimeOffset? expiresAt, [NotNullWhen(false)] out ProblemResult? problem)
    {
        var now = time.GetUtcNow();
        problem = null;
        expiresAt = null;
        if (ttl is not null && end is not null)
            problem = LinksProblems.Invalid("ttl", "ttl and expires_at say the same in two ways; send one of them.");
        else if (ttl is < 1 || ttl > LongestTtl)
            problem = LinksProblems.Invalid("ttl", $"ttl must be 1 to {LongestTtl} seconds, not {ttl}.");
        else if (end <= now || end > now.AddSeconds(LongestTtl))
            problem = LinksProblems.Invalid("expires_at", "expires_at must lie in the future, by a hundred years at most.");
        else if ((end ?? (ttl is { } seconds ? now.AddSeconds(seconds) : null)) is { } at)
            expiresAt = DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
        return problem is null;
    }

    /// <summary>Whether a text can be a tag.</summary>
    public static bool IsTag(string? text) => text is not null && IsLabel(text, MaxTagLength) && !text.Contains(',', StringComparison.Ordinal);

    /// <summary>Whether a text can be an owner, a title or the like.</summary>
    public static bool IsLabel(string text, int maxLength) =>
        text.Length is > 0 && text.Length <= maxLength && !text.Any(char.IsControl) && text.AsSpan().Trim().Length == text.Length && IsWellFormed(text);

    // A half of a surrogate pair has no form in UTF-8.
    private static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var length) != OperationStatus.Done)
                return false;
            text = text[length..];
        }

        return true;
    }

    /// <summary>What is wrong with a text that can't.</summary>
    public static string LabelError(string member, int maxLength) =>
        $"{member} must be 1 to {maxLength} characters, without control characters and spaces around it.";
}
