using Groundwork.Console.Live;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Console.Tests.Live;

public sealed class LiveHubTests : IAsyncDisposable
{
    private static readonly LiveRegion[] Regions =
    [
        new("board", typeof(BoardRegion), ConsoleScopes.View),
        new("word", typeof(WordRegion), ConsoleScopes.View, (_, word) => word == "yes"),
    ];

    private readonly FakeTimeProvider _time = new();
    private readonly Board _board = new();
    private readonly ServiceProvider _services;
    private readonly LiveHub _hub;

    public LiveHubTests()
    {
        _services = new ServiceCollection().AddSingleton(_board).AddLogging().BuildServiceProvider();
        _hub = new LiveHub(Regions, _services.GetRequiredService<IServiceScopeFactory>(), NullLoggerFactory.Instance, _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.StopAsync();
        _hub.Dispose();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task Ten_who_look_cost_one_rendering_a_second()
    {
        var viewers = Enumerable.Range(0, 10).Select(_ => _hub.Join(["board"])!).ToList();
        Assert.All(await TakeAsync(viewers), html => Assert.Equal("one", html));
        Assert.Equal(1, _hub.Renderings);

        _board.Text = "two";
        _time.Advance(LiveHub.Interval);
        Assert.All(await TakeAsync(viewers), html => Assert.Equal("two", html));
        Assert.Equal(2, _hub.Renderings);
        viewers.ForEach(v => v.Dispose());
    }

    [Fact]
    public async Task Nothing_is_rendered_once_nobody_looks()
    {
        var viewer = _hub.Join(["board"])!;
        await TakeAsync([viewer]);
        viewer.Dispose();
        await _hub.StopAsync(); // waits for what goes on

        var before = _hub.Renderings;
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(before, _hub.Renderings);
        Assert.Equal(0, _hub.Viewers);
    }

    [Fact]
    public async Task What_did_not_change_is_not_sent()
    {
        using var viewer = _hub.Join(["board"])!;
        await TakeAsync([viewer]);

        for (var i = 0; i < 5; i++)
        {
            var renderings = _hub.Renderings;
            _time.Advance(LiveHub.Interval);
            while (_hub.Renderings == renderings)
                await Task.Yield();
        }

        _board.Text = "two";
        _time.Advance(LiveHub.Interval);
        Assert.Equal(["two"], await TakeAsync([viewer]));
    }

    [Fact]
    public void There_is_room_for_as_many_as_it_says_and_a_place_that_is_left_is_free()
    {
        var viewers = Enumerable.Range(0, LiveHub.MaxViewers).Select(_ => _hub.Join(["board"])).ToList();
        Assert.DoesNotContain(null, viewers);
        Assert.Null(_hub.Join(["board"]));

        viewers[0]!.Dispose();
        using var next = _hub.Join(["board"]);
        Assert.NotNull(next);
        viewers.Skip(1).ToList().ForEach(v => v!.Dispose());
    }

    [Theory]
    [InlineData("board", true)]
    [InlineData("board:x", false)]
    [InlineData("word:yes", true)]
    [InlineData("word:no", false)]
    [InlineData("word", false)]
    [InlineData("nothing", false)]
    public void Only_regions_that_there_are_are_found(string key, bool isThere) =>
        Assert.Equal(isThere, _hub.Find(_services, key) is not null);

    [Fact]
    public async Task A_region_that_fails_says_so_and_goes_on()
    {
        _board.Text = null;
        using var viewer = _hub.Join(["board"])!;
        Assert.Contains("could not be shown", Assert.Single(await TakeAsync([viewer])), StringComparison.Ordinal);

        _board.Text = "well again";
        _time.Advance(LiveHub.Interval);
        Assert.Equal(["well again"], await TakeAsync([viewer]));
    }

    [Fact]
    public async Task Many_different_questions_do_not_pile_up()
    {
        for (var i = 0; i < 10 * LiveHub.MaxIdleFeeds; i++)
            await _hub.LatestAsync($"word:{i}");

        Assert.InRange(_hub.Feeds, 1, LiveHub.MaxIdleFeeds);
    }

    private async Task<List<string>> TakeAsync(IReadOnlyList<LiveViewer> viewers)
    {
        var taken = new List<string>();
        foreach (var viewer in viewers)
            taken.Add(Assert.Single(await viewer.TakeAsync(TimeSpan.FromDays(1), _time, TestContext.Current.CancellationToken)).Html);
        return taken;
    }

    private sealed class Board
    {
        public volatile string? Text = "one";
    }

    private sealed class BoardRegion : ComponentBase
    {
        [Inject]
        private Board Board { get; set; } = null!;

        protected override void BuildRenderTree(RenderTreeBuilder builder) =>
            builder.AddContent(0, Board.Text ?? throw new InvalidOperationException("planted"));
    }

    private sealed class WordRegion : ComponentBase
    {
        [Parameter]
        public string Argument { get; set; } = "";

        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, Argument);
    }
}
