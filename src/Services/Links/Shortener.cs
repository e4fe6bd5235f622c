using System.Diagnostics;

namespace Groundwork.Links;

/// <summary>Makes and changes links.</summary>
internal sealed class Shortener(LinkStore store, CodeBook codes, RedirectCache redirects, TimeProvider time)
{
    // Beyond any chance: the sources' numbers are taken once in many thousands.
    private const int MaxAttempts = 64;

    // An address whose links end over and over uses up its hashes. From here on it gets a number that nothing leads back to.
    private const int MaxHashes = 16;

    // Each means that another copy changed the link at the same moment.
    private const int MaxChanges = 16;

    private const int Turns = 256;

    // Changes of one link take turns in this copy, a few links sharing a turn: otherwise of many at once all but one would
    // start over, again and again.
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, Turns).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Makes a link; it is durable when this returns.</summary>
    public Task<MakeResult> MakeAsync(LinkRequest request, CancellationToken cancellationToken) =>
        FindPlaceAsync(request, InsertAsync, cancellationToken);

    /// <summary>Decides what link will be made, and stores nothing; <see cref="StoreDecidedAsync"/> does.</summary>
    public Task<MakeResult> DecideAsync(LinkRequest request, CancellationToken cancellationToken) =>
        FindPlaceAsync(request, async (link, token) => await store.FindAsync(link.Number, token) is null, cancellationToken);

    /// <summary>The link that was decided, from what was kept of it.</summary>
    public Link Redraft(string code, LinkRequest request, DateTimeOffset createdAt, LinkContent content)
    {
        if (!codes.Space.TryNumber(code, out var number))
            throw new InvalidOperationException($"'{code}' is no code.");
        var origin = request.Alias is not null ? LinkOrigin.Alias : request.Dedupe ? LinkOrigin.Hash : codes.OriginOf(number);
        return new Link(number, code, origin, createdAt, 1, LinkState.Live, content);
    }

    /// <summary>Stores a link that was decided before, perhaps by an earlier call of the same request.</summary>
    /// <returns>False where somebody else has taken its alias since.</returns>
    public async Task<bool> StoreDecidedAsync(Link link, CancellationToken cancellationToken) =>
        await InsertAsync(link, cancellationToken)
        || (await store.FindAsync(link.Number, cancellationToken) is { } there
            && (IsItself(there, link) || (link.Origin == LinkOrigin.Hash && IsSame(there, link.Content))));

    /// <summary>Finds a link that was not deleted by its code.</summary>
    public async Task<Link?> FindAsync(string code, CancellationToken cancellationToken) =>
        codes.Space.TryNumber(code, out var number)
        && await store.FindAsync(number, cancellationToken) is { State: not LinkState.Deleted } link
        && link.Code == code
            ? link
            : null;

    /// <summary>Changes a link; the change is durable, and holds for all readers of this copy, when this returns.</summary>
    /// <param name="code">Which link.</param>
    /// <param name="change">Says what is to become of the link as it is, or refuses by <see cref="ChangeResult"/>.</param>
    /// <param name="cancellationToken">Takes effect until the change has begun.</param>
    public async Task<ChangeResult> ChangeAsync(string code, Func<Link, ChangeResult> change, CancellationToken cancellationToken)
    {
        if (!codes.Space.TryNumber(code, out var number))
            return new ChangeResult.NotThere();
        using var span = LinksSpans.Begin("change link")?.SetTag(LinksSpans.Code, code);
        var turn = _turns[(int)((ulong)number % Turns)];
        await turn.WaitAsync(cancellationToken);
        try
        {
            return await ChangeInTurnAsync(code, change, span, cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<ChangeResult> ChangeInTurnAsync(
        string code, Func<Link, ChangeResult> change, Activity? span, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MaxChanges; attempt++)
        {
            span?.SetTag(LinksSpans.Attempts, attempt + 1);
            if (await FindAsync(code, cancellationToken) is not { } was)
                return new ChangeResult.NotThere();
            var result = change(was);
            if (result is not ChangeResult.Changed wanted)
                return result;
            if (await ChangeAsync(was, wanted.Link, cancellationToken) is { } now)
                return new ChangeResult.Changed(now);
        }

        return new ChangeResult.Contended();
    }

    // Also where a write failed: it may have been done all the same.
    private async Task<bool> InsertAsync(Link link, CancellationToken cancellationToken)
    {
        try
        {
            return await store.InsertAsync(link, cancellationToken);
        }
        finally
        {
            await redirects.InvalidateAsync(link.Number);
        }
    }

    private async Task<Link?> ChangeAsync(Link was, Link wanted, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ChangeAsync(
                was, wanted.State, wanted.Content, (transaction, key) => redirects.SendAsync(transaction, key, was.Number), cancellationToken);
        }
        finally
        {
            await redirects.InvalidateAsync(was.Number);
        }
    }

    private async Task<MakeResult> FindPlaceAsync(
        LinkRequest request, Func<Link, CancellationToken, Task<bool>> tryTake, CancellationToken cancellationToken)
    {
        using var span = LinksSpans.Begin("make link");

        // As the database keeps it.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        if (request.Alias is { } alias)
        {
            span?.SetTag(LinksSpans.Code, alias);
            return await TakeAliasAsync(request, alias, now, tryTake, cancellationToken);
        }

        var source = request.Dedupe ? codes.Hash : codes.Source;
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (attempt == MaxHashes && source.Origin == LinkOrigin.Hash)
                source = codes.Unhashed;
            var number = await source.DrawAsync(request.Content, attempt, cancellationToken);
            var code = codes.Space.CodeOf(number, alias: null);
            if (!CodeSpace.IsPresentable(code))
                continue;
            span?.SetTag(LinksSpans.Code, code).SetTag(LinksSpans.Attempts, attempt + 1);

            var link = new Link(number, code, source.Origin, now, 1, LinkState.Live, request.Content);
            var isFree = source.Origin != LinkOrigin.Hash || !await codes.MayHaveHandedOutAsync(number, cancellationToken);
            if (isFree && await tryTake(link, cancellationToken))
                return new MakeResult.Made(link);
            if (source.Origin == LinkOrigin.Hash && await FindSameAsync(link, cancellationToken) is { } same)
                return new MakeResult.Existing(same);
        }

        throw new InvalidOperationException($"{MaxAttempts} codes in a row were taken.");
    }

    private async Task<MakeResult> TakeAliasAsync(
        LinkRequest request, string alias, DateTimeOffset now, Func<Link, CancellationToken, Task<bool>> tryTake, CancellationToken cancellationToken)
    {
        if (!codes.Space.TryNumber(alias, out var number))
            throw new ArgumentException($"'{alias}' is no alias.", nameof(alias));
        var link = new Link(number, alias, LinkOrigin.Alias, now, 1, LinkState.Live, request.Content);
        if (!await codes.MayHaveHandedOutAsync(number, cancellationToken) && await tryTake(link, cancellationToken))
            return new MakeResult.Made(link);
        return request.Dedupe && await FindSameAsync(link, cancellationToken) is { } same
            ? new MakeResult.Existing(same)
            : new MakeResult.AliasTaken(alias);
    }

    private async Task<Link?> FindSameAsync(Link link, CancellationToken cancellationToken) =>
        await store.FindAsync(link.Number, cancellationToken) is { } there && there.Code == link.Code && IsSame(there, link.Content) ? there : null;

    // As an earlier call has stored it, whatever became of it since. Two that were decided in the same millisecond for one alias
    // are told apart by what they are made of.
    private static bool IsItself(Link there, Link link) => there.CreatedAt == link.CreatedAt
        && (there.Version > link.Version
            || (there.Content.Tags.SequenceEqual(link.Content.Tags) && there.Content with { Tags = link.Content.Tags } == link.Content));

    // What a repeated create finds again: a link that leads there, of the same owner, whatever else was changed of it.
    private bool IsSame(Link there, LinkContent content) =>
        there.StatusAt(time.GetUtcNow()) == LinkStatus.Live && there.Content.LongUrl == content.LongUrl && there.Content.Owner == content.Owner;
}

/// <summary>A link that somebody wants.</summary>
/// <param name="Content">What it is to be.</param>
/// <param name="Alias">The code it is to have; null for one that is drawn.</param>
/// <param name="Dedupe">Whether a live link of the same owner to the same address will do, and is then the answer.</param>
internal sealed record LinkRequest(LinkContent Content, string? Alias, bool Dedupe);

/// <summary>How making a link ended.</summary>
internal abstract record MakeResult
{
    /// <summary>There is a new link.</summary>
    public sealed record Made(Link Link) : MakeResult;

    /// <summary>There was such a link already.</summary>
    public sealed record Existing(Link Link) : MakeResult;

    /// <summary>The alias is another link's, or was once.</summary>
    public sealed record AliasTaken(string Alias) : MakeResult;
}

/// <summary>How changing a link ended.</summary>
internal abstract record ChangeResult
{
    /// <summary>It is changed, to this.</summary>
    public sealed record Changed(Link Link) : ChangeResult;

    /// <summary>There is no such link.</summary>
    public sealed record NotThere : ChangeResult;

    /// <summary>The change was refused.</summary>
    public sealed record Refused(Groundwork.Platform.Http.ProblemResult Problem) : ChangeResult;

    /// <summary>Others kept changing it at the same moment.</summary>
    public sealed record Contended : ChangeResult;
}
