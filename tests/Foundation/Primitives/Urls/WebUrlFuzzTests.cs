using System.Text;
using Groundwork.Primitives.Urls;

namespace Groundwork.Primitives.Tests.Urls;

/// <summary>Texts that nobody would write, made of the standard's cases and of what is special in them.</summary>
public sealed class WebUrlFuzzTests
{
    private const int Rounds = 60_000;

    private static readonly string[] Pieces =
    [
        "http:", "https:", "file:", "ws:", "foo:", "mailto:", "blob:", "/", "//", "\\", "?", "#", "@", ":", ".", "..",
        "%2e", "%", "%25", "%zz", " ", "\t", "\n", "\0", "a", "Z", "9", "0x1", "08", "C:", "c|", "[", "]", "[::1]", "localhost", "xn--", "xn--bcher-kva", "1.2.3.4", "256",
        "-", "_", "^", "|", "<", "é", "ß", "ς", "e\u0301", "\u00AD", "\u200C", "\u200D", "א", "ع", "१", "\u0660", "가",
        "\u1100\u1161", "。", "😀",
        "\uD800", "\uDC00", "\uFFFE", "\uFDFA", "ﷺ", "̸", "＝", "％４１", "\u0085", "\uFEFF",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Whatever_is_parsed_comes_out_in_ascii_and_parses_to_itself(int seed)
    {
        var random = new Random(seed);
        var inputs = UrlTestData.Urls.Select(item => item.Text("input")!).ToArray();
        var parsed = new List<WebUrl>();
        for (var round = 0; round < Rounds; round++)
        {
            var text = Mutate(inputs[random.Next(inputs.Length)], random);
            var baseUrl = parsed.Count > 0 && random.Next(2) == 0 ? parsed[random.Next(parsed.Count)] : null;
            if (!WebUrl.TryParse(text, baseUrl, out var url))
                continue;
            if (parsed.Count < 1000)
                parsed.Add(url);
            else
                parsed[random.Next(parsed.Count)] = url;

            var shown = $"{UrlTestData.Shown(text)} on {baseUrl} is {url}";
            Assert.True(Ascii.IsValid(url.Href), shown);
            Assert.True(WebUrl.TryParse(url.Href, out var again), shown);
            Assert.True(url.Href == again.Href, $"{shown}, then {again}");
            Assert.True(Parts(url) == Parts(again), $"{shown}, whose parts change");
            Assert.Equal(url.Href, Joined(url));
        }

        // Else the inputs would be of no use.
        Assert.Equal(1000, parsed.Count);
    }

    private static string Mutate(string text, Random random)
    {
        var mutated = new StringBuilder(text);
        for (var changes = random.Next(4); changes > 0; changes--)
        {
            var index = random.Next(mutated.Length + 1);
            if (random.Next(3) == 0)
                mutated.Remove(index, Math.Min(random.Next(4), mutated.Length - index));
            else
                mutated.Insert(index, Pieces[random.Next(Pieces.Length)]);
        }

        return mutated.ToString();
    }

    private static (string, string, string, string?, int?, string, string?, string?) Parts(WebUrl url) =>
        (url.Scheme, url.Username, url.Password, url.Host, url.Port, url.Path, url.Query, url.Fragment);

    /// <summary>The parts put together as the standard's serializer does.</summary>
    private static string Joined(WebUrl url)
    {
        var joined = new StringBuilder(url.Scheme).Append(':');
        if (url.Host is not null)
        {
            joined.Append("//").Append(url.Username);
            if (url.Password.Length > 0)
                joined.Append(':').Append(url.Password);
            joined.Append(url.HasCredentials ? "@" : "").Append(url.Host);
            if (url.Port is { } port)
                joined.Append(':').Append(port);
        }
        else if (url.Path.StartsWith("//", StringComparison.Ordinal))
        {
            joined.Append("/.");
        }

        joined.Append(url.Path);
        if (url.Query is { } query)
            joined.Append('?').Append(query);
        if (url.Fragment is { } fragment)
            joined.Append('#').Append(fragment);
        return joined.ToString();
    }
}
