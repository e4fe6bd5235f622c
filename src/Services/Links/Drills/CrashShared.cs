using System.Collections.Concurrent;
using System.Globalization;

namespace Groundwork.Links.Drills;

/// <summary>What the users of <see cref="LinksCrashDrill"/> have in common. Safe for concurrent use.</summary>
internal sealed class CrashShared
{
    // Several want each, and followers keep to the newest links, whose clicks are not written yet.
    private const int WantedBy = 8;
    private const int Newest = 64;

    private readonly ConcurrentDictionary<string, bool> _codes = new(StringComparer.Ordinal);
    private readonly KnownLink?[] _newest = new KnownLink?[Newest];
    private int _wanted;
    private int _made;
    private int _edits;
    private int _deletes;
    private long _follows;

    /// <summary>How many creates were acknowledged.</summary>
    public int Creates => Volatile.Read(ref _made);

    /// <summary>Notes that a code is somebody's; false where it was before.</summary>
    public bool TryHandOut(string code) => _codes.TryAdd(code, true);

    /// <summary>The alias that is in fashion.</summary>
    public string WantedAlias() => string.Create(CultureInfo.InvariantCulture, $"wanted-{Interlocked.Increment(ref _wanted) / WantedBy}");

    /// <summary>There is a link to be followed.</summary>
    public void Made(KnownLink link) => Volatile.Write(ref _newest[(Interlocked.Increment(ref _made) - 1) % Newest], link);

    /// <summary>An edit was acknowledged.</summary>
    public void Edited() => Interlocked.Increment(ref _edits);

    /// <summary>A delete was acknowledged.</summary>
    public void Deleted() => Interlocked.Increment(ref _deletes);

    /// <summary>Follows links until it is cancelled.</summary>
    public async Task FollowAsync(LinksClient client, Random random, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            if (Volatile.Read(ref _newest[random.Next(Newest)]) is { } link)
            {
                await link.FollowAsync(client);
                Interlocked.Increment(ref _follows);
            }
            else
            {
                await Task.Yield();
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{_made:N0} creates, {_edits:N0} edits and {_deletes:N0} deletes were acknowledged, {_follows:N0} links followed");
}
