using System.Globalization;
using Microsoft.Playwright;

namespace Groundwork.Console.Tests.Browser;

/// <summary>What pages weigh on the wire, compressed. How soon they are drawn is kept beside the pictures, to be looked at.</summary>
public sealed class WeightTests(Chromium chromium)
{
    private const int MostBytes = 150 * 1024;

    [Fact]
    public async Task No_page_weighs_more_than_150_KB_and_one_after_the_first_loads_the_page_alone()
    {
        await using var console = await OpenConsole.StartAsync(chromium);
        var page = await console.OpenAsync("/_/design"); // the program has made a page before: its first takes it longer
        var session = await page.Context.NewCDPSessionAsync(page);
        var bytes = 0.0;
        var requests = new List<string>();
        await session.SendAsync("Network.enable");
        session.Event("Network.responseReceived").OnEvent += (_, e) => requests.Add(e!.Value.GetProperty("response").GetProperty("url").GetString()!);
        session.Event("Network.loadingFinished").OnEvent += (_, e) => bytes += e!.Value.GetProperty("encodedDataLength").GetDouble();
        var figures = new List<string>();

        await session.SendAsync("Network.clearBrowserCache");
        await MeasureAsync("/_/");
        Assert.InRange(bytes, 1, MostBytes);
        var first = bytes;
        foreach (var address in new[] { "/_/modules/Links", "/_/settings", "/_/design", "/_/traces" })
        {
            await MeasureAsync(address);
            Assert.InRange(bytes, 1, MostBytes);
            Assert.True(bytes < first / 2, $"{address} weighs {bytes} bytes: what the first page loaded was loaded again");
        }

        Directory.CreateDirectory(LookTests.Pictures);
        await File.WriteAllLinesAsync(Path.Combine(LookTests.Pictures, "figures.txt"), figures, TestContext.Current.CancellationToken);

        async Task MeasureAsync(string address)
        {
            bytes = 0;
            requests.Clear();
            await page.GotoAsync(new Uri(console.Address, address).ToString(), new PageGotoOptions { WaitUntil = WaitUntilState.Load });
            await page.WaitForFunctionAsync("() => performance.getEntriesByType('paint').length > 0 && window.Blazor !== undefined"); // the last to come
            var paint = await page.EvaluateAsync<double>("() => performance.getEntriesByType('paint').find(p => p.name === 'first-contentful-paint').startTime");
            figures.Add(string.Create(CultureInfo.InvariantCulture, $"{address}: {bytes / 1024:0.0} KB in {requests.Count} answers, first paint after {paint:0} ms"));
        }
    }
}
