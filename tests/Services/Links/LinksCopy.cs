using Groundwork.Links.Clicks;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Database;
using Groundwork.Ports.Settings;
using Groundwork.Sqlite;
using Groundwork.Testing;
using Groundwork.Testing.Caching;
using Microsoft.Extensions.Logging.Abstractions;

namespace Groundwork.Links.Tests;

/// <summary>A database of Links, embedded, in a folder of its own, with keys that are the same in every run.</summary>
internal sealed class LinksDatabase : IAsyncDisposable
{
    private static readonly Statement InsertSecret = new("insert into secrets (name, value) values ($1, $2)");

    private readonly TempFolder _folder;
    private readonly IDatabaseServer _server;

    private LinksDatabase(TempFolder folder, IDatabaseServer server, IDatabase database) =>
        (_folder, _server, Port) = (folder, server, database);

    public IDatabase Port { get; }

    public static async Task<LinksDatabase> OpenAsync(byte keys = 1)
    {
        var folder = new TempFolder();
        var server = new SqliteEngine().Create(new DatabaseServerContext(folder.Path, SettingValues.Of(), TimeProvider.System, NullLoggerFactory.Instance));
        var database = new LinksDatabase(folder, server, await server.OpenAsync(LinkStore.Schema, TestContext.Current.CancellationToken));
        foreach (var name in (string[])["permutation", "hash"])
            await database.Port.WriteAsync(new Command(InsertSecret, name, name, Enumerable.Repeat(keys, 32).ToArray()), TestContext.Current.CancellationToken);
        return database;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>What one copy of the program knows of links, without HTTP: several may stand on one database.</summary>
internal sealed class LinksCopy : IAsyncDisposable
{
    private readonly RedirectCache _redirects;
    private readonly CounterCodes _counter;

    private LinksCopy(IDatabase database, TimeProvider time, Random random, LinksOptions options)
    {
        CodeStore = new CodeStore(database);
        _counter = new CounterCodes(CodeStore, options, time);
        Codes = new CodeBook(CodeStore, _counter, new SnowflakeCodes(time, random), options);
        Store = new LinkStore(database, Codes, options, time);
        _redirects = new RedirectCache(
            database, Store, new Blocklist(options, time, NullLogger<Blocklist>.Instance),
            new RedirectSpace(new MemoryCache(new CacheSpace("links", options.CacheSize), time)), time, NullLogger<RedirectCache>.Instance);
        Shortener = new Shortener(Store, Codes, _redirects, time);
        Clicks = new ClickStore(database);
    }

    public CodeStore CodeStore { get; }

    public CodeBook Codes { get; }

    public LinkStore Store { get; }

    public Shortener Shortener { get; }

    public ClickStore Clicks { get; }

    /// <summary>Starts one.</summary>
    /// <param name="database">Which others may share.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="random">Where its snowflake node comes from.</param>
    /// <param name="settings">Of Links, by name.</param>
    public static async Task<LinksCopy> StartAsync(
        IDatabase database, TimeProvider time, Random? random = null, params (string Name, string Text)[] settings)
    {
        var copy = new LinksCopy(database, time, random ?? new Random(1), Options(settings));
        await copy.Codes.StartAsync(restoredFrom: null, TestContext.Current.CancellationToken);
        return copy;
    }

    public static LinksOptions Options(params (string Name, string Text)[] settings) => LinksOptions.From(
        SettingValues.Of([.. settings.Select(s => ((Setting)LinksOptions.All.Single(o => o.Name == s.Name), s.Text))]));

    /// <summary>Makes a link.</summary>
    public Task<MakeResult> MakeAsync(string longUrl, string? alias = null, bool dedupe = false, string? owner = null) =>
        Shortener.MakeAsync(new LinkRequest(new LinkContent(longUrl) { Owner = owner }, alias, dedupe), TestContext.Current.CancellationToken);

    /// <summary>Makes a link that is not there yet.</summary>
    public async Task<Link> NewAsync(string longUrl, string? alias = null, bool dedupe = false, string? owner = null) =>
        Assert.IsType<MakeResult.Made>(await MakeAsync(longUrl, alias, dedupe, owner)).Link;

    /// <summary>Deletes a link.</summary>
    public async Task DeleteAsync(Link link) => Assert.IsType<ChangeResult.Changed>(await Shortener.ChangeAsync(
        link.Code, was => new ChangeResult.Changed(was with { State = LinkState.Deleted }), TestContext.Current.CancellationToken));

    public async ValueTask DisposeAsync()
    {
        await _redirects.DisposeAsync();
        _counter.Dispose();
    }
}
