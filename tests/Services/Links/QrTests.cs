using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Groundwork.Links.Tests;

public sealed partial class QrTests : LinksTests
{
    private static readonly string[] Finder =
    [
        "#######", "#.....#", "#.###.#", "#.###.#", "#.###.#", "#.....#", "#######",
    ];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Links.MakeAsync(new { long_url = "https://example.org/", custom_alias = "to-scan" });
    }

    [Fact]
    public async Task A_short_address_comes_as_a_picture_with_a_quiet_zone_and_three_finders()
    {
        using var response = await GetAsync("");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("image/svg+xml", response.Content.Headers.ContentType!.MediaType);
        Assert.True(response.Headers.CacheControl is { Private: true, MaxAge.TotalHours: 1 });
        var (picture, modules) = Read(await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("256", picture.Attribute("width")!.Value);
        Assert.Equal("crispEdges", picture.Attribute("shape-rendering")!.Value);

        var side = modules.Length - 8;
        Assert.Equal(1, side % 4); // 21, 25, 29, …: the sides that the standard has
        Assert.All(modules.Take(4).Concat(modules.TakeLast(4)), row => Assert.DoesNotContain('#', row));
        Assert.All(modules, row => Assert.Equal("........", row[..4] + row[^4..]));
        Assert.Equal(Finder, Square(modules, 4, 4));
        Assert.Equal(Finder, Square(modules, 4 + side - 7, 4));
        Assert.Equal(Finder, Square(modules, 4, 4 + side - 7));
        Assert.Equal("#.#.#.#", modules[4 + 6].Substring(4 + 6, 7)); // the timing between them
    }

    [Fact]
    public async Task The_same_address_is_the_same_picture_and_is_not_sent_twice()
    {
        using var first = await GetAsync("size=64&ecc=h");
        using var second = await GetAsync("size=64&ecc=h");
        Assert.Equal(await first.Content.ReadAsStringAsync(Cancellation), await second.Content.ReadAsStringAsync(Cancellation));

        using var request = new HttpRequestMessage(HttpMethod.Get, Address("size=64&ecc=h"));
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var third = await Links.Http.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.NotModified, third.StatusCode);

        using var other = await GetAsync("size=65&ecc=h");
        Assert.NotEqual(first.Headers.ETag, other.Headers.ETag);
    }

    [Fact]
    public async Task Its_size_margin_correction_and_colours_are_chosen()
    {
        var (plain, low) = Read(await (await GetAsync("margin=0&ecc=l")).Content.ReadAsStringAsync(Cancellation));
        var (styled, high) = Read(await (await GetAsync("size=512&margin=2&ecc=h&dark=%23fff&light=1A2b3C")).Content.ReadAsStringAsync(Cancellation));

        Assert.Equal(Finder, Square(low, 0, 0));
        Assert.Equal(Finder, Square(high, 2, 2));
        Assert.True(high.Length - 4 > low.Length, "more correction takes more modules");
        Assert.Equal("512", styled.Attribute("height")!.Value);
        Assert.Equal("#1a2b3c", styled.Elements().First().Attribute("fill")!.Value);
        Assert.Equal("#ffffff", styled.Elements().Last().Attribute("fill")!.Value);
        Assert.Equal("#000000", plain.Elements().Last().Attribute("fill")!.Value);
    }

    [Theory]
    [InlineData("size=31", "size")]
    [InlineData("size=4097", "size")]
    [InlineData("size=big", "size")]
    [InlineData("margin=-1", "margin")]
    [InlineData("margin=33", "margin")]
    [InlineData("ecc=x", "ecc")]
    [InlineData("ecc=medium", "ecc")]
    [InlineData("dark=red", "dark")]
    [InlineData("dark=12345", "dark")]
    [InlineData("light=%22/%3E%3Cscript%3E", "light")]
    [InlineData("light=%EF%BC%91%EF%BC%92%EF%BC%93", "light")]
    [InlineData("dark=fff", "light")]
    public async Task What_cannot_be_drawn_is_refused_with_the_parameter(string query, string member)
    {
        using var response = await GetAsync(query);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await LinksClient.ReadAsync(response);
        Assert.Equal(member, problem.GetProperty("member").GetString());
        Assert.Contains(member, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_without_a_link_has_no_picture()
    {
        using var response = await Links.GetAsync("nothing-here/qr.svg");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private static Uri Address(string query) => new($"/v1/urls/to-scan/qr.svg?{query}", UriKind.Relative);

    private Task<HttpResponseMessage> GetAsync(string query) => Links.Http.GetAsync(Address(query), Cancellation);

    private static string[] Square(string[] modules, int x, int y) => [.. modules.Skip(y).Take(7).Select(row => row.Substring(x, 7))];

    /// <summary>The picture, and its modules with the margin: a row a string, # for dark.</summary>
    private static (XElement Picture, string[] Modules) Read(string svg)
    {
        var picture = XElement.Parse(svg);
        var side = int.Parse(picture.Attribute("viewBox")!.Value.Split(' ')[3], CultureInfo.InvariantCulture);
        var modules = Enumerable.Range(0, side).Select(_ => new string('.', side).ToCharArray()).ToArray();
        var path = picture.Elements().Last().Attribute("d")!.Value;
        var runs = Run().Matches(path);
        Assert.Equal(path.Length, runs.Sum(r => r.Length));
        foreach (Match run in runs)
        {
            var (x, y, length) = (Number(run, 1), Number(run, 2), Number(run, 3));
            Array.Fill(modules[y], '#', x, length);
        }

        return (picture, [.. modules.Select(row => new string(row))]);
    }

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"M(\d+) (\d+)h(\d+)v1H\1z")]
    private static partial Regex Run();
}
