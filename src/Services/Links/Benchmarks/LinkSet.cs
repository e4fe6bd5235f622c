using Groundwork.Platform.Data;
using Groundwork.Ports.Database;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Groundwork.Primitives;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Groundwork.Links.Benchmarks;

/// <summary>
/// Any number of links in a database, made by statements and not by requests: what millions of creates would have left. Their
/// numbers come from the counter, so that they may be made beside others, and links made later do not meet them.
/// </summary>
/// <param name="First">The first one's number; the others follow.</param>
/// <param name="Count">How many.</param>
/// <param name="Space">Gives their codes.</param>
internal sealed record LinkSet(long First, long Count, CodeSpace Space)
{
    // A transaction's worth: enough that its commit does not count, and little enough for the log.
    private const long Batch = 100_000;

    private static readonly DateTimeOffset Beginning = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Statement Insert = new("""
        with recursive numbers (n) as (select $1 union all select n + 1 from numbers where n + 1 < $2)
        insert into links (number, long_url, created_at, expires_at, purge_at)
        select n, 'https://example.org/articles/2026/' || n || '/what-it-is-about', $3 + n, $4, $4 from numbers
        """);

    /// <summary>Makes links in the database that a program on this folder will open.</summary>
    /// <param name="services">Of the experiment.</param>
    /// <param name="folder">The program's data folder, while it does not run.</param>
    /// <param name="count">How many links.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static Task<LinkSet> MakeAsync(IServiceProvider services, string folder, long count, CancellationToken cancellationToken) =>
        MakeAsync(services, folder, count, null, cancellationToken);

    /// <summary>Makes links that have expired long ago, and are due to be removed; the same otherwise.</summary>
    public static Task<LinkSet> MakeExpiredAsync(IServiceProvider services, string folder, long count, CancellationToken cancellationToken) =>
        MakeAsync(services, folder, count, Beginning, cancellationToken);

    private static async Task<LinkSet> MakeAsync(
        IServiceProvider services, string folder, long count, DateTimeOffset? expiredAt, CancellationToken cancellationToken)
    {
        await using var server = Server(services, folder);
        var database = await server.OpenAsync(LinkStore.Schema, cancellationToken);
        var store = new CodeStore(database);
        var end = await store.LeaseNumbersAsync(CounterCodes.Sequence, count, cancellationToken);
        var set = new LinkSet(end - count, count, new CodeSpace(await store.SecretAsync(CodeBook.PermutationSecret, cancellationToken)));
        for (var from = set.First; from < end; from += Batch)
        {
            var to = Math.Min(from + Batch, end);
            await database.TransactAsync(
                Command.AnyKey, async transaction => await transaction.ExecuteAsync(Insert, from, to, Beginning, expiredAt), cancellationToken);
        }

        return set;
    }

    /// <summary>The database server that a program on this folder will have.</summary>
    public static IDatabaseServer Server(IServiceProvider services, string folder)
    {
        var settings = services.GetRequiredService<SettingValues>();
        return services.GetRequiredService<IReadOnlyList<Module>>().OfType<DatabaseModule>().Single().EngineOf(settings).Create(
            new DatabaseServerContext(folder, settings, TimeProvider.System, NullLoggerFactory.Instance));
    }

    /// <summary>The code of the n-th link.</summary>
    public string Code(long n) => Space.CodeOf(First + n, alias: null);

    /// <summary>How popular the links are.</summary>
    public ZipfDistribution Ranks() => new(Count);

    /// <summary>Requests that follow one link as often as another, in a row that repeats.</summary>
    public RedirectRequests Uniform(int length, int seed)
    {
        var random = new Random(seed);
        return new RedirectRequests(length, _ => Code(random.NextInt64(Count)));
    }

    /// <summary>Each link once, in no order, over and over: with a cache of fewer links, every one is a miss.</summary>
    public RedirectRequests EachInTurn()
    {
        var order = Scatter();
        return new RedirectRequests((int)Count, n => Code(order.Permute(n)));
    }

    /// <summary>Requests that follow few links often and most hardly ever.</summary>
    public RedirectRequests Zipf(int length, int seed)
    {
        var (zipf, order, random) = (Ranks(), Scatter(), new Random(seed));
        return new RedirectRequests(length, _ => Code(order.Permute(zipf.Next(random) - 1)));
    }

    /// <summary>Which link, counted from the first, has which rank: what is popular lies all over the table.</summary>
    public FeistelPermutation Scatter() => new(Count, "groundwork.links"u8);
}
