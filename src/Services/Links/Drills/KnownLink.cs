namespace Groundwork.Links.Drills;

/// <summary>
/// What a user of a link knows of it: what was acknowledged, and what was sent and never answered. One user changes it; any number
/// follow it.
/// </summary>
internal sealed class KnownLink(string code, string longUrl)
{
    private long _sent;
    private long _followed;
    private long _readBefore;

    public string Code => code;

    /// <summary>Where it was to lead when it was made, which a repeated create answers.</summary>
    public string FirstUrl { get; } = longUrl;

    /// <summary>The <c>Idempotency-Key</c> that it was made with; null for none.</summary>
    public string? Key { get; init; }

    /// <summary>Where it leads, as last acknowledged.</summary>
    public string LongUrl { get; set; } = longUrl;

    /// <summary>Where it leads if an edit that was not answered was done; null where there is none.</summary>
    public string? PerhapsUrl { get; set; }

    public bool IsDeleted { get; set; }

    /// <summary>Whether a delete was sent and not answered.</summary>
    public bool PerhapsDeleted { get; set; }

    /// <summary>Whether a change of it was sent and not answered.</summary>
    public bool IsInDoubt => PerhapsDeleted || PerhapsUrl is not null;

    /// <summary>The clicks that were last read of it.</summary>
    public long ClicksRead { get; set; }

    /// <summary>How often somebody began to follow it: there are no more clicks.</summary>
    public long MostClicks => Volatile.Read(ref _sent);

    /// <summary>There are no fewer clicks: those read before the program was started, and those answered since.</summary>
    public long LeastClicks => Math.Max(ClicksRead, _readBefore + Volatile.Read(ref _followed));

    /// <summary>The program was killed and started again: it may have forgotten what nobody had read.</summary>
    public void Restarted() => (_readBefore, _followed) = (ClicksRead, 0);

    /// <summary>Follows it once.</summary>
    public async Task FollowAsync(LinksClient client)
    {
        Interlocked.Increment(ref _sent);
        if ((await client.FollowAsync(code)).Status == 302)
            Interlocked.Increment(ref _followed);
    }
}
