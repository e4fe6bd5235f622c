using Groundwork.Console.Pages.Broker;
using Groundwork.Console.Pages.Cache;
using Groundwork.Console.Pages.Design;
using Groundwork.Console.Pages.Experiments;
using Groundwork.Console.Pages.Home;
using Groundwork.Console.Pages.Keys;
using Groundwork.Console.Pages.Links;
using Groundwork.Console.Pages.Modules;
using Groundwork.Console.Pages.RateLimits;
using Groundwork.Console.Pages.Settings;
using Groundwork.Console.Pages.SignIn;
using Groundwork.Console.Pages.Telemetry;
using Groundwork.Console.Shell;

namespace Groundwork.Console;

/// <summary>Every area of the console. A new one is its folder in <c>Pages/</c> and a line here.</summary>
internal static class ConsoleAreas
{
    public static IReadOnlyList<ConsoleArea> Create() =>
    [
        new HomeArea(),
        new ModulesArea(),
        new LinksArea(),
        new CacheArea(),
        new BrokerArea(),
        new RateLimitsArea(),
        new TracesArea(),
        new LogsArea(),
        new ExperimentsArea(),
        new SettingsArea(),
        new KeysArea(),
        new DesignArea(),
        new SignInArea(),
    ];
}
