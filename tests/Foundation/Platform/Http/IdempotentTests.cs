using System.Text;
using Groundwork.Platform.Access;
using Groundwork.Platform.Data;
using Groundwork.Platform.Http;
using Groundwork.Ports.Database;
using Groundwork.Ports.Modules;
using Groundwork.Testing;
using Groundwork.Testing.Instances;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Platform.Tests.Http;

public sealed class IdempotentTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private RunningInstance _running = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _running = await RunningInstance.StartAsync(_folder.Path, TimeProvider.System, [new BallModule()]);

    public async ValueTask DisposeAsync()
    {
        await _running.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_create_that_is_sent_again_has_one_effect_and_one_answer()
    {
        var first = await CreateAsync("red", "key-1");
        Assert.Equal(201, (int)first.StatusCode);
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));

        var second = await CreateAsync("red", "key-1");
        Assert.Equal(201, (int)second.StatusCode);
        Assert.Equal("true", second.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
        Assert.Equal(await first.Content.ReadAsStringAsync(Cancellation), await second.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("1", await CountAsync());
    }

    [Fact]
    public async Task Many_at_once_with_one_key_have_one_effect()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CreateAsync("blue", "key-2")));
        Assert.All(answers, a => Assert.Equal(201, (int)a.StatusCode));
        Assert.Single(answers, a => !a.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal("1", await CountAsync());
    }

    [Fact]
    public async Task A_key_belongs_to_one_request()
    {
        await CreateAsync("red", "key-3");
        await ToyInstance.ProblemAsync(await CreateAsync("green", "key-3"), "idempotency-key-reused", 422);
        Assert.Equal("1", await CountAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("{256}")]
    public async Task What_is_no_key_is_refused(string key) =>
        await ToyInstance.ProblemAsync(await CreateAsync("red", key == "{256}" ? new string('k', 256) : key), "invalid-request", 400);

    [Fact]
    public async Task Without_a_key_every_request_counts()
    {
        await CreateAsync("red", null);
        await CreateAsync("red", null);
        Assert.Equal("2", await CountAsync());
    }

    [Fact]
    public async Task A_replay_is_answered_as_before_although_it_could_not_be_decided_any_more()
    {
        var first = await CreateAsync("red", "key-4", "/v1/balls/unique");
        Assert.Equal(201, (int)first.StatusCode);
        var second = await CreateAsync("red", "key-4", "/v1/balls/unique");
        Assert.Equal(201, (int)second.StatusCode);
        Assert.Equal("true", second.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Equal(await first.Content.ReadAsStringAsync(Cancellation), await second.Content.ReadAsStringAsync(Cancellation));
        await ToyInstance.ProblemAsync(await CreateAsync("green", "key-4", "/v1/balls/unique"), "idempotency-key-reused", 422);
        Assert.Equal("1", await CountAsync());
    }

    [Fact]
    public async Task A_refusal_is_not_kept()
    {
        Assert.Equal(201, (int)(await CreateAsync("red", "key-5", "/v1/balls/unique")).StatusCode);
        foreach (var key in (string?[])["key-6", "key-6", null])
            await ToyInstance.ProblemAsync(await CreateAsync("red", key, "/v1/balls/unique"), "out-of-toys", 409);
        Assert.Equal(201, (int)(await CreateAsync("blue", "key-6", "/v1/balls/unique")).StatusCode);
    }

    [Fact]
    public async Task Of_many_at_once_with_one_key_none_is_refused_for_what_another_did()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CreateAsync("blue", "key-7", "/v1/balls/unique")));
        Assert.All(answers, a => Assert.Equal(201, (int)a.StatusCode));
        Assert.Equal("1", await CountAsync());
    }

    private async Task<HttpResponseMessage> CreateAsync(string colour, string? key, string path = "/v1/balls")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative))
        {
            Content = new StringContent($"{{\"colour\":\"{colour}\"}}", Encoding.UTF8, "application/json"),
        };
        if (key is not null)
            request.Headers.TryAddWithoutValidation(Idempotent.Header, key);
        return await _running.Client.SendAsync(request, Cancellation);
    }

    private Task<string> CountAsync() => _running.Client.GetStringAsync(new Uri("/v1/balls/count", UriKind.Relative), Cancellation);

    internal sealed record Ball(string Colour);

    private sealed class BallModule : Module, IRoutedModule
    {
        private static readonly Statement Insert = new("insert into balls (colour) values ($1)");

        private static readonly Statement InsertOnce = new("insert into balls (colour) select $1 where not exists (select 1 from balls where colour = $1)");

        private static readonly Statement OfColour = new("select count(*) from balls where colour = $1");

        private static readonly Statement Count = new("select count(*) from balls");

        public override string Name => "Balls";

        public override string Summary => "Balls.";

        public override DatabaseSchema? Schema { get; } = new DatabaseSchema(
            "balls",
            [new Table("balls", "colour")],
            [new Migration("balls", 1, "create", "create table balls (colour text not null);")]).With(IdempotencyStore.Schema);

        public void Map(IEndpointRouteBuilder routes)
        {
            var balls = routes.MapGroup("/v1/balls").Public("A test.");
            balls.MapPost("/", (Ball ball, HttpContext context, [FromKeyedServices("balls")] IDatabase database, TimeProvider time) =>
                Idempotent.RunAsync(context, database, new IdempotencyStore(database, time), "balls", ball, async transaction =>
                {
                    await transaction.ExecuteAsync(Insert, ball.Colour);
                    return StoredAnswer.Created($"/v1/balls/{ball.Colour}", EntityTag.OfVersion(1), ball);
                }));
            balls.MapPost("/unique", (Ball ball, HttpContext context, [FromKeyedServices("balls")] IDatabase database, TimeProvider time) =>
                Idempotent.DecideAsync(
                    context,
                    new IdempotencyStore(database, time),
                    ball,
                    async () => (await database.ReadAsync(new Command(OfColour, "balls", ball.Colour), row => row.GetInt64(0)))[0] == 0
                        ? StoredAnswer.Created($"/v1/balls/{ball.Colour}", EntityTag.OfVersion(1), ball)
                        : throw new ProblemException(ToyModule.OutOfToys.Result("There is one of this colour.")),
                    _ => database.WriteAsync(new Command(InsertOnce, "balls", ball.Colour))));
            balls.MapGet("/count", async ([FromKeyedServices("balls")] IDatabase database) =>
                Results.Text((await database.ReadAsync(new Command(Count, "balls"), row => row.GetInt64(0)))[0].ToString(provider: null)));
        }
    }
}
