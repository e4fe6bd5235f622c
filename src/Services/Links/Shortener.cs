namespace Groundwork.Links;

/// <summary>Makes and finds links.</summary>
internal sealed class Shortener(LinkStore store, CodeSequence codes, TimeProvider time)
{
    /// <summary>Decides a new link's code and time; it is there once it was stored.</summary>
    /// <param name="longUrl">Normalized by <see cref="LongUrl"/>.</param>
    /// <param name="cancellationToken">Ends the wait; a number may then have been taken, which costs nothing.</param>
    public async ValueTask<Link> DraftAsync(string longUrl, CancellationToken cancellationToken)
    {
        var (number, code) = await codes.NextAsync(cancellationToken);

        // As the database keeps it.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        return new Link(number, code, longUrl, now);
    }

    /// <summary>Stores a drafted link; it is durable when this returns. Storing it again changes nothing.</summary>
    public Task StoreAsync(Link link, CancellationToken cancellationToken) => store.StoreAsync(link, cancellationToken);

    /// <summary>Finds a link by its code.</summary>
    public Task<Link?> FindAsync(string code, CancellationToken cancellationToken) =>
        codes.TryNumber(code, out var number) ? store.FindAsync(number, code, cancellationToken) : Task.FromResult<Link?>(null);

    /// <summary>A link whose parts are known, as it was drafted before.</summary>
    /// <exception cref="InvalidOperationException">The code cannot be one of ours.</exception>
    public Link Redraft(string code, string longUrl, DateTimeOffset createdAt) => codes.TryNumber(code, out var number)
        ? new Link(number, code, longUrl, createdAt)
        : throw new InvalidOperationException($"'{code}' is no code of this sequence.");
}
