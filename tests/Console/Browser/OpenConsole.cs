using System.Diagnostics.CodeAnalysis;
using Groundwork.Testing;
using Groundwork.Testing.Processes;
using Microsoft.Playwright;

namespace Groundwork.Console.Tests.Browser;

/// <summary>The real program with the console, and people who look at it.</summary>
internal sealed class OpenConsole : IAsyncDisposable
{
    /// <summary>Has a page ask the API on and on while it is open, so that what is seen of that does not depend on when one looks.</summary>
    public const string Asking = "() => { setInterval(() => fetch('/v1/urls?limit=1'), 50); }";

    private readonly Chromium _chromium;
    private readonly TempFolder? _folder; // none where the program is shared, and somebody else's to end
    private readonly List<IBrowserContext> _contexts = [];
    private readonly List<string> _complaints = [];
    private GroundworkProcess _program;

    private OpenConsole(Chromium chromium, GroundworkProcess program, TempFolder? folder) =>
        (_chromium, _program, _folder) = (chromium, program, folder);

    /// <summary>What the browser itself complained of: errors of scripts, what the policy refused, what was not there.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>Where it is served.</summary>
    public Uri Address => _program.Address;

    [SuppressMessage("Reliability", "CA2000", Justification = "The console that is returned owns them.")]
    public static async Task<OpenConsole> StartAsync(Chromium chromium, params string[] arguments)
    {
        var folder = new TempFolder();
        var program = await GroundworkProcess.StartAsync(folder["data"], arguments);
        return new OpenConsole(chromium, program, folder);
    }

    /// <summary>A program that others of the class have used before, emptied.</summary>
    public static async Task<OpenConsole> OfAsync(Chromium chromium, SharedProgram shared) =>
        new(chromium, await shared.EmptiedAsync(TestContext.Current.CancellationToken), null);

    /// <summary>Somebody new opens a page.</summary>
    public async Task<IPage> OpenAsync(string address, Look? look = null, bool script = true)
    {
        var context = await _chromium.NewContextAsync(look ?? Look.Light, script);
        _contexts.Add(context);
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(60_000); // other tests load the machine too
        if (script)
            await page.AddInitScriptAsync(Stillness.Watching);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _complaints.Add($"{page.Url}: {message.Text}");
        };
        page.PageError += (_, error) => _complaints.Add($"{page.Url}: {error}");
        await page.GotoAsync(new Uri(Address, address).ToString(), new PageGotoOptions { WaitUntil = WaitUntilState.Load });
        if (script)
            await page.WaitForFunctionAsync("() => document.documentElement.dataset.script !== undefined && window.Blazor !== undefined");
        return page;
    }

    /// <summary>The program, one of its own, is killed (SIGKILL) and starts again, at the same address and on the same data.</summary>
    /// <param name="meanwhile">What is to happen before it starts again.</param>
    public async Task KillAsync(Func<Task> meanwhile)
    {
        await _program.KillAsync();
        await meanwhile();
        await _program.DisposeAsync();
        _program = await GroundworkProcess.StartAsync(_folder!["data"], $"--Http:Listen={Address.Authority}");
    }

    /// <summary>The program, one of its own, ends and starts again, at the same address and on the same data.</summary>
    /// <param name="meanwhile">What is to happen before it starts again.</param>
    /// <param name="arguments">Further ones, from then on.</param>
    public async Task RestartAsync(Func<Task> meanwhile, params string[] arguments)
    {
        var listen = $"--Http:Listen={Address.Authority}";
        await _program.TerminateAsync();
        await meanwhile();
        await _program.DisposeAsync();
        _program = await GroundworkProcess.StartAsync(_folder!["data"], [listen, .. arguments]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var context in _contexts)
            await context.DisposeAsync();
        if (_folder is null)
            return;
        await _program.DisposeAsync();
        _folder.Dispose();
    }
}
