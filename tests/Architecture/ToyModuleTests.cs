using System.Net;
using Groundwork.Host;
using Groundwork.Platform.Access;
using Groundwork.Platform.Experiments;
using Groundwork.Platform.Hosting;
using Groundwork.Platform.Http;
using Groundwork.Platform.Settings;
using Groundwork.Ports.Database;
using Groundwork.Ports.Experiments;
using Groundwork.Ports.Settings;
using Groundwork.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Module = Groundwork.Ports.Modules.Module;
using Scope = Groundwork.Ports.Modules.Scope;

namespace Groundwork.Architecture.Tests;

/// <summary>A module is its own folder and one line in the catalog: everything else finds it through its contract.</summary>
public sealed class ToyModuleTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_module_that_is_listed_is_served_set_migrated_and_measured()
    {
        Module[] modules = [.. ModuleCatalog.Create(), new Toy()]; // the one line
        var settings = SettingValues.Of((ProgramSettings.Data, _folder.Path), (HttpOptions.Listen, "127.0.0.1:0"), (Toy.Greeting, "hello"));
        await using var instance = Instance.Build(modules, settings, new InstanceOptions());
        await instance.StartAsync(Cancellation);
        using var client = new HttpClient { BaseAddress = instance.Address };

        Assert.Equal("hello from row 1", await client.GetStringAsync(new Uri("/v1/toys", UriKind.Relative), Cancellation));
        Assert.Contains("/v1/toys", await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), Cancellation), StringComparison.Ordinal);
        Assert.Contains("A toy", await client.GetStringAsync(new Uri("/_/", UriKind.Relative), Cancellation), StringComparison.Ordinal);
        Assert.Contains(SettingsReader.Catalog(modules), s => s.Name == "Toys:Greeting");
        var experiments = new ExperimentSetup(() => [.. ModuleCatalog.Create(), new Toy()], settings, TimeProvider.System);
        Assert.Contains(experiments.Drills, d => d.Name == "toys.fall");
    }

    [Fact]
    public async Task An_endpoint_that_nobody_decided_about_stops_the_start()
    {
        var settings = SettingValues.Of((ProgramSettings.Data, _folder.Path), (HttpOptions.Listen, "127.0.0.1:0"));
        await using var instance = Instance.Build([.. ModuleCatalog.Create(), new Toy(undecided: true)], settings, new InstanceOptions());

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => instance.StartAsync(Cancellation));
        Assert.Contains("/v1/undecided", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_endpoint_of_the_catalog_has_a_decision_and_asks_for_a_scope_that_its_module_declares()
    {
        var modules = ModuleCatalog.Create();
        var settings = SettingValues.Of((ProgramSettings.Data, _folder.Path), (HttpOptions.Listen, "127.0.0.1:0"));
        await using var instance = Instance.Build(modules, settings, new InstanceOptions());
        await instance.StartAsync(Cancellation);

        var sources = instance.Services.GetServices<EndpointDataSource>().ToList();
        Assert.Empty(EndpointAccessCheck.Undecided(sources));
        var decisions = sources.SelectMany(s => s.Endpoints).Select(e => e.Metadata.GetMetadata<EndpointAccess>()).OfType<EndpointAccess>().ToList();
        Assert.True(decisions.Count > 10);
        var declared = modules.SelectMany(m => m.Scopes).ToHashSet();
        Assert.All(decisions, d => Assert.True(d.Scope is null ? d.PublicBecause.Length > 0 : declared.Contains(d.Scope)));
    }

    private sealed class Toy(bool undecided = false) : Module, IRoutedModule
    {
        public static readonly Setting<string> Greeting = Setting.Text("Toys:Greeting", "hi", "a word", "How toys greet.");

        private static readonly Scope Read = new("toys:read", "See toys.");

        private static readonly Statement Select = new("select number from toys");

        public override string Name => "Toys";

        public override string Summary => "A toy";

        public override IReadOnlyList<Setting> Settings => [Greeting];

        public override IReadOnlyList<Scope> Scopes => [Read];

        public override IReadOnlyList<Drill> Drills => [new Fall()];

        public override DatabaseSchema Schema { get; } = new(
            "toys",
            [new("toys", "number")],
            [new("toys", 1, "create", "create table toys (number {rowid});\ninsert into toys (number) values (1);\n")]);

        public void Map(IEndpointRouteBuilder routes)
        {
            routes.MapGet("/v1/toys", async ([FromKeyedServices("toys")] IDatabase database, SettingValues settings) =>
            {
                var rows = await database.ReadAsync(new Command(Select, Command.AnyKey), row => row.GetInt64(0));
                return Results.Text($"{settings.Get(Greeting)} from row {rows[0]}");
            }).RequireScope(Read);
            if (undecided)
                routes.MapGet("/v1/undecided", () => HttpStatusCode.OK);
        }
    }

    private sealed class Fall : Drill
    {
        public override string Name => "toys.fall";

        public override string Claim => "Toys survive a fall.";

        public override string Sabotage => "The carpet.";

        public override int DefaultRounds => 1;

        public override Task<DrillResult> RunAsync(IDrillContext context, CancellationToken cancellationToken) =>
            Task.FromResult(new DrillResult(true, "dropped", "whole"));
    }
}
