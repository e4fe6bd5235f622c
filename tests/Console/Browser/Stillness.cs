using Microsoft.Playwright;

namespace Groundwork.Console.Tests.Browser;

/// <summary>Whether a page jumps, by the browser's own count (Layout Instability API): what moved without anybody having done something.</summary>
internal static class Stillness
{
    /// <summary>What a page runs before its own scripts: counts what moved, and how often what is live on it was drawn anew.</summary>
    public const string Watching =
        """
        window.moved = 0;
        window.drawn = 0;
        window.movers = new Set();
        new PerformanceObserver(list => {
            for (const shift of list.getEntries()) {
                if (shift.hadRecentInput) continue;
                window.moved += shift.value;
                for (const source of shift.sources) window.movers.add((source.node?.outerHTML ?? source.node?.textContent ?? '').slice(0, 80));
            }
        }).observe({ type: 'layout-shift', buffered: true });
        document.addEventListener('DOMContentLoaded', () => {
            const live = document.querySelector('main [data-live]');
            if (live) new MutationObserver(() => { window.drawn++; }).observe(live, { subtree: true, childList: true, characterData: true, attributes: true });
        });
        """;

    // What browsers call good is 0.1.
    private const double Most = 0.01;

    /// <summary>What moved of a page, where it is too much; since it was loaded.</summary>
    public static async Task<IEnumerable<string>> TroublesAsync(IPage page) =>
        await page.EvaluateAsync<double>("() => window.moved") is >= Most and var moved
            ? [$"{page.Url}: it moved by {moved}: {await page.EvaluateAsync<string>("() => [...window.movers].slice(0, 5).join(' | ')")}"]
            : [];
}
