using BenchmarkDotNet.Attributes;

namespace Groundwork.Primitives.Bench.Urls;

/// <summary>
/// An address parsed and written again, beside <see cref="Uri"/>, which follows other rules: a plain one, one with a long
/// query, one that is not ASCII, and one with all that the standard repairs.
/// </summary>
[MemoryDiagnoser]
public class WebUrlBench
{
    [Params(
        "https://example.org/a/b?c=d#e",
        "https://shop.example.org/catalogue/items/2730488/reviews?sort=newest&page=17&utm_source=mail&utm_medium=link&utm_campaign=autumn-2026",
        "https://bücher.example/straße?größe=ü",
        "HTTPS:/Example.org:443\\a/./b/../c d")]
    public string Text { get; set; } = "";

    [Benchmark(Baseline = true)]
    public string? SystemUri() => Uri.TryCreate(Text, UriKind.Absolute, out var uri) ? uri.AbsoluteUri : null;

    [Benchmark]
    public string? WebUrl() => Primitives.Urls.WebUrl.TryParse(Text, out var url) ? url.Href : null;
}
