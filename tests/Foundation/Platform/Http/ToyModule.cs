using Groundwork.Platform.Access;
using Groundwork.Platform.Http;
using Groundwork.Platform.Serving;
using Groundwork.Ports.Database;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Platform.Tests.Http;

/// <summary>A module with an endpoint of every kind that the house's HTTP has something to say about.</summary>
internal sealed class ToyModule(IRequestLimiter? limiter = null, bool takesCodes = true) : Module, IRoutedModule, IControlledModule
{
    public static readonly Problem OutOfToys = new("out-of-toys", 409, "There are no toys left") { Explanation = "Come back tomorrow." };

    public static readonly Scope Read = new("toys:read", "See toys.");

    public override string Name => "Toys";

    public override string Summary => "Toys <for> tests.";

    public override ModulePage? Page { get; } = new("Toys", [new("Look at a toy", "curl -s {base}v1/toys/1")]);

    public IReadOnlyList<Problem> Problems => [OutOfToys];

    public override IReadOnlyList<Scope> Scopes => [Read];

    public ModuleHealth Health { get; set; } = ModuleHealth.Healthy;

    public int HealthAsked { get; private set; }

    /// <summary>What <c>/v1/toys/fail</c> throws.</summary>
    public Exception Failure { get; set; } = new InvalidOperationException("the secret reason");

    public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Set when the caller of <c>/v1/toys/wait</c> went away.</summary>
    public TaskCompletionSource Abandoned { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override void Register(IServiceCollection services, SettingValues settings)
    {
        if (limiter is not null)
            services.AddSingleton(limiter);
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        var toys = routes.MapGroup("/v1/toys").Public("A test.").WithTags("Toys");
        toys.MapGet("/constant", () => Results.Text("toy")).WithSummary("A constant");
        routes.MapGet("/v1/toys/scoped", () => Results.Text("yours")).RequireScope(Read);
        toys.MapGet("/{number:long}", (long number) => EntityTag.OfVersion(number).Ok(new Toy($"toy {number}", 3, Colour.DeepRed, [], null)));
        toys.MapPut("/{number:long}", (long number, HttpRequest request) =>
            EntityTag.Refuse(request, number == 404 ? null : EntityTag.OfVersion(number)) ?? Results.NoContent());
        toys.MapPost("/", (Toy toy) => Results.Ok(toy));
        toys.MapPost("/upload", async (HttpRequest request) =>
        {
            await request.Body.CopyToAsync(Stream.Null, request.HttpContext.RequestAborted);
            return Results.NoContent();
        }).WithBodyLimit(8 << 10);
        toys.MapGet("/typed", (int count, Colour colour) => Results.Text($"{count} {colour}"));
        toys.MapGet("/optional", (int? count, bool? painted) => Results.Text($"{count} {painted}"));
        toys.MapGet("/", List);
        toys.MapGet("/none", () => OutOfToys.With("All are gone."));
        toys.MapGet("/fail", IResult () => throw Failure);
        toys.MapGet("/half", async (HttpContext context) =>
        {
            await context.Response.WriteAsync("half of it", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            throw Failure;
        });
        toys.MapGet("/wait", async (CancellationToken cancellationToken) =>
        {
            Entered.TrySetResult();
            try
            {
                await Release.Task.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                Abandoned.TrySetResult();
                throw;
            }

            return Results.Text("done");
        });
        if (takesCodes)
            routes.MapGet("/{code}", (string code) => Results.Text($"code {code}")).Public("As short links are.");
    }

    public void MapControl(IEndpointRouteBuilder routes) => routes.MapGet("/control/toys", () => "for this user only");

    public override ValueTask<ModuleHealth> CheckHealthAsync(CancellationToken cancellationToken)
    {
        HealthAsked++;
        return new(Health);
    }

    public static DatabaseException Database(DatabaseFailure failure) => new(failure, "secret host 10.0.0.1 said no");

    private static IResult List([AsParameters] PageRequest page)
    {
        if (!page.TryRead<long>(out var limit, out var after, out var problem))
            return problem;
        var rows = Enumerable.Range(1, 120).Select(n => (long)n).Where(n => n > after).Take(limit + 1).ToList();
        return Results.Ok(Platform.Http.Page.Of(rows, limit, n => $"toy {n}", n => n));
    }
}

internal sealed record Toy(string Name, int Count, Colour Colour, IReadOnlyList<Part> Parts, DateTimeOffset? MadeAt);

internal sealed record Part(string Name, double Weight);

internal enum Colour
{
    Blue,
    DeepRed,
}
