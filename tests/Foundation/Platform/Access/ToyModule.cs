using Groundwork.Platform.Access;
using Groundwork.Platform.Http;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Tests.Access;

/// <summary>A module with one endpoint of each kind, which also collects everything that is logged.</summary>
internal sealed class ToyModule(ToyLog log, bool withUndecided = false) : Module, IRoutedModule
{
    public static readonly Scope Read = new("toys:read", "See toys.");

    public static readonly Scope Write = new("toys:write", "Make toys.");

    public override string Name => "Toys";

    public override string Summary => "For tests.";

    public override IReadOnlyList<Scope> Scopes => [Read, Write];

    public override void Register(IServiceCollection services, SettingValues settings)
    {
        services.AddSingleton<ILoggerProvider>(log);
        services.Configure<LoggerFilterOptions>(filter => filter.MinLevel = LogLevel.Trace);
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/toys", (HttpContext http) => Results.Text(http.GetPrincipal()!.Id)).RequireScope(Read);
        routes.MapPost("/v1/toys", (HttpContext http) => Results.Text(http.GetPrincipal()!.Id)).RequireScope(Write);
        routes.MapGet("/open", () => Results.Text("open")).Public("A test reads it.");
        if (withUndecided)
            routes.MapGet("/v1/forgotten", () => Results.Text("oh"));
    }
}

/// <summary>Everything that was logged, as text.</summary>
internal sealed class ToyLog : ILoggerProvider, ILogger
{
    private readonly Lock _gate = new();
    private readonly List<(LogLevel Level, string Text)> _lines = [];

    public IReadOnlyList<(LogLevel Level, string Text)> Lines
    {
        get
        {
            lock (_gate)
                return [.. _lines];
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_gate)
            _lines.Add((logLevel, $"{formatter(state, exception)} {exception}"));
    }

    public void Dispose()
    {
    }
}
