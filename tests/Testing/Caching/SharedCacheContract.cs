using Groundwork.Ports.Caching;

namespace Groundwork.Testing.Caching;

/// <summary>
/// What a user of a shared cache can rely on beyond <see cref="CacheContract"/>: others see the same, and what they change is told.
/// </summary>
public abstract class SharedCacheContract : CacheContract
{
    private readonly List<ISharedCacheServer> _servers = [];
    private ISharedCacheServer? _own;
    private ISharedCacheServer? _others;

    /// <summary>Makes a client of the server that all tests use, with connections of its own. The suite disposes it.</summary>
    protected abstract ISharedCacheServer CreateServer();

    /// <inheritdoc/>
    protected override ICache Open(CacheSpace space) => OpenOwn(space);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
            await server.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A client that the test's end disposes.</summary>
    protected ISharedCacheServer NewServer()
    {
        var server = CreateServer();
        _servers.Add(server);
        return server;
    }

    /// <summary>Opens a space on the test's own connections.</summary>
    protected ISharedCache OpenOwn(CacheSpace space) => (_own ??= NewServer()).Open(space);

    /// <summary>Opens a space as another process would.</summary>
    protected ISharedCache OpenOther(CacheSpace space) => (_others ??= NewServer()).Open(space);

    /// <summary>Has changes told, and waits until they are.</summary>
    protected static async Task<ToldChanges> ListenAsync(ISharedCache cache)
    {
        var told = new ToldChanges();
        cache.Listen(told);
        await UntilHeardAsync(cache);
        return told;
    }

    /// <summary>Waits until a cache is heard.</summary>
    protected static async Task UntilHeardAsync(ISharedCache cache)
    {
        while (!cache.IsHeard)
            await Task.Delay(1, Token);
    }

    [Fact]
    public void A_name_gives_the_same_instance()
    {
        var space = NewSpace();
        Assert.Same(OpenOwn(space), OpenOwn(space));
        Assert.NotSame(OpenOwn(space), OpenOwn(NewSpace()));
    }

    [Fact]
    public async Task A_server_that_answers_passes_the_check() => await NewServer().CheckAsync(Token);

    [Fact]
    public async Task What_one_process_does_holds_for_all_at_once()
    {
        var space = NewSpace();
        var one = OpenOwn(space);
        var other = OpenOther(space);

        await SetAsync(one, "a", "1");
        Assert.Equal("1", await ReadAsync(other, "a"));
        await other.RemoveAsync(Bytes("a"), Token);
        Assert.Null(await ReadAsync(one, "a"));
        await SetAsync(other, "b", "2");
        await one.ClearAsync(Token);
        Assert.Null(await ReadAsync(other, "b"));
        await SetAsync(other, "b", "3");
        Assert.Equal("3", await ReadAsync(one, "b"));
        await other.ClearAsync(Token);
        Assert.Null(await ReadAsync(one, "b"));
    }

    [Fact]
    public async Task One_lease_a_key_is_given_in_all_processes_together()
    {
        var space = NewSpace();
        var one = OpenOwn(space);
        var other = OpenOther(space);

        var token = await TakeAsync(one, "a");
        await AssertHeldAsync(other, "a");
        await other.RemoveAsync(Bytes("a"), Token);
        Assert.False(await FillAsync(one, "a", token, "outdated"));

        token = await TakeAsync(one, "a");
        await other.ClearAsync(Token);
        Assert.False(await FillAsync(one, "a", token, "outdated"));

        token = await TakeAsync(one, "a");
        Assert.True(await FillAsync(one, "a", token, "1"));
        Assert.Equal("1", await ReadAsync(other, "a"));
    }

    [Fact]
    public async Task Nothing_is_heard_before_one_listens()
    {
        var cache = OpenOwn(NewSpace());
        Assert.False(cache.IsHeard);
        await SetAsync(cache, "a", "1");
        Assert.False(cache.IsHeard);

        await ListenAsync(cache);

        Assert.True(cache.IsHeard);
    }

    [Fact]
    public async Task One_listens_to_a_space_at_most()
    {
        var cache = OpenOwn(NewSpace());
        await ListenAsync(cache);
        Assert.Throws<InvalidOperationException>(() => cache.Listen(new ToldChanges()));
        await ListenAsync(OpenOwn(NewSpace()));
    }

    [Fact]
    public async Task Each_change_by_another_process_is_told()
    {
        var space = NewSpace();
        var told = await ListenAsync(OpenOwn(space));
        var other = OpenOther(space);

        await SetAsync(other, "set", "1");
        await told.OfAsync("set", Token);
        await SetAsync(other, "set again", "1");
        await told.OfAsync("set again", Token);
        told.Forget();
        await SetAsync(other, "set again", "2");
        await told.OfAsync("set again", Token);
        Assert.True(await FillAsync(other, "filled", await TakeAsync(other, "filled"), "1"));
        await told.OfAsync("filled", Token);
        told.Forget();
        await other.RemoveAsync(Bytes("filled"), Token);
        await told.OfAsync("filled", Token);
    }

    [Fact]
    public async Task Each_change_of_ones_own_is_told()
    {
        var cache = OpenOwn(NewSpace());
        var told = await ListenAsync(cache);

        await SetAsync(cache, "a", "1");
        await told.OfAsync("a", Token);
        told.Forget();
        await cache.RemoveAsync(Bytes("a"), Token);
        await told.OfAsync("a", Token);
    }

    [Fact]
    public async Task A_key_of_any_bytes_is_told_as_it_is()
    {
        var space = NewSpace();
        var told = await ListenAsync(OpenOwn(space));
        var other = OpenOther(space);
        foreach (var key in new[] { "}", "{}:{a}b}", "\r\n\0", ":", "a:b", "naïve 字 🏗" })
        {
            await SetAsync(other, key, "1");
            await told.OfAsync(key, Token);
        }

        Assert.True(await other.SetAsync(Noise(CacheLimits.MaxKeyBytes), Bytes("1"), Forever, Token));
        await told.OfAsync(Noise(CacheLimits.MaxKeyBytes), Token);
    }

    [Fact]
    public async Task That_everything_was_removed_is_told()
    {
        var space = NewSpace();
        var cache = OpenOwn(space);
        var told = await ListenAsync(cache);
        var other = OpenOther(space);
        await SetAsync(other, "a", "1");
        await told.OfAsync("a", Token);
        told.Forget();

        await other.ClearAsync(Token);
        await told.OfAllAsync(Token);

        told.Forget();
        await SetAsync(other, "b", "2");
        await told.OfAsync("b", Token);
        Assert.Null(await ReadAsync(cache, "a"));
    }

    [Fact]
    public async Task When_a_change_is_told_nobody_reads_what_was_there_before()
    {
        var space = NewSpace();
        var cache = OpenOwn(space);
        var told = await ListenAsync(cache);
        var other = OpenOther(space);
        for (var i = 0; i < 100; i++)
        {
            told.Forget();
            var set = SetAsync(other, "a", $"{i}");
            await told.OfAsync("a", Token);
            Assert.Equal($"{i}", await ReadAsync(cache, "a"));
            await set;
        }
    }

    [Fact]
    public async Task What_happens_in_other_spaces_is_not_told()
    {
        var name = NewName();
        var told = await ListenAsync(OpenOwn(new CacheSpace(name, Megabyte)));
        var toldOther = await ListenAsync(OpenOwn(new CacheSpace(name + "-b", Megabyte)));
        var one = OpenOther(new CacheSpace(name, Megabyte));
        var other = OpenOther(new CacheSpace(name + "-b", Megabyte));
        told.Forget();
        toldOther.Forget();

        await SetAsync(other, "theirs", "1");
        await toldOther.OfAsync("theirs", Token);
        await SetAsync(one, "ours", "1");
        await told.OfAsync("ours", Token);
        await other.ClearAsync(Token);
        await toldOther.OfAllAsync(Token);
        await SetAsync(one, "ours too", "1");
        await told.OfAsync("ours too", Token);

        Assert.False(told.HasAll);
        Assert.False(told.Has("theirs"));
    }

    [Fact]
    public async Task A_lease_that_changes_nothing_is_not_told()
    {
        var space = NewSpace();
        var told = await ListenAsync(OpenOwn(space));
        var other = OpenOther(space);

        var token = await TakeAsync(other, "leased");
        await AssertHeldAsync(other, "leased");
        Assert.False(await FillAsync(other, "leased", token + 1, "refused"));
        await other.ReleaseAsync(Bytes("leased"), token, Token);
        await SetAsync(other, "set", "1");
        await told.OfAsync("set", Token);

        Assert.False(told.Has("leased"));
    }

    [Fact]
    public async Task Of_many_changes_at_once_each_is_told()
    {
        const int Keys = 2000;
        var space = NewSpace();
        var told = await ListenAsync(OpenOwn(space));
        var other = OpenOther(space);

        foreach (var chunk in Enumerable.Range(0, Keys).Chunk(50))
            await Task.WhenAll(chunk.Select(i => SetAsync(other, $"key-{i}", "1")));

        for (var i = 0; i < Keys; i++)
            await told.OfAsync($"key-{i}", Token);
    }
}
