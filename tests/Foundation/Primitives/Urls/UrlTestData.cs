using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Groundwork.Primitives.Tests.Urls;

/// <summary>The standard's own cases; where they come from is in <c>Data/README.md</c>.</summary>
internal static partial class UrlTestData
{
    private const string Punycode = "since June 2026 a domain that is ASCII is kept, whether its Punycode can be read or not";
    private const string Caret = "since March 2025 a path writes ^ as %5E";

    /// <summary>Cases of which the standard says something else by now: the input, its href, and why.</summary>
    public static readonly IReadOnlyDictionary<string, (string Href, string Why)> Changed = new Dictionary<string, (string, string)>
    {
        ["http://a.b.c.xn--pokxncvks"] = ("http://a.b.c.xn--pokxncvks/", Punycode),
        ["http://10.0.0.xn--pokxncvks"] = ("http://10.0.0.xn--pokxncvks/", Punycode),
        ["http://a.b.c.XN--pokxncvks"] = ("http://a.b.c.xn--pokxncvks/", Punycode),
        ["http://a.b.c.Xn--pokxncvks"] = ("http://a.b.c.xn--pokxncvks/", Punycode),
        ["http://10.0.0.XN--pokxncvks"] = ("http://10.0.0.xn--pokxncvks/", Punycode),
        ["http://10.0.0.xN--pokxncvks"] = ("http://10.0.0.xn--pokxncvks/", Punycode),
        ["file://xn--/p"] = ("file://xn--/p", Punycode),
        ["https://xn--/"] = ("https://xn--/", Punycode),
        ["foo://host/ !\"$%&'()*+,-./:;<=>@[\\]^_`{|}~"] =
            ("foo://host/%20!%22$%&'()*+,-./:;%3C=%3E@[\\]%5E_%60%7B|%7D~", Caret),
        ["wss://host/ !\"$%&'()*+,-./:;<=>@[\\]^_`{|}~"] =
            ("wss://host/%20!%22$%&'()*+,-./:;%3C=%3E@[/]%5E_%60%7B|%7D~", Caret),
    };

    /// <summary>Domains that were failures, and are now kept.</summary>
    public static readonly IReadOnlyDictionary<string, string> ChangedDomains = new Dictionary<string, string>
    {
        ["xn--a"] = Punycode,
        ["xn--a.xn--zca"] = Punycode,
        ["xn--a-yoc"] = Punycode,
        ["xn--1ug.example"] = Punycode,
        ["xn--ls8h="] = Punycode,
        ["xn--zn7c.com"] = Punycode,
    };

    public static readonly IReadOnlyList<JsonElement> Urls = Read("urltestdata.json");

    public static readonly IReadOnlyList<JsonElement> Domains = Read("toascii.json");

    private static List<JsonElement> Read(string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(typeof(UrlTestData), $"Data.{file}")!;
        using var document = JsonDocument.Parse(stream);
        return [.. document.RootElement.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Object).Select(e => e.Clone())];
    }

    /// <summary>A member's text, with halves of surrogate pairs, which no other reader of JSON gives away.</summary>
    public static string? Text(this JsonElement element, string member)
    {
        if (!element.TryGetProperty(member, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return Escape().Replace(value.GetRawText()[1..^1], match => match.Value[1] switch
        {
            'u' => ((char)int.Parse(match.Value.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)).ToString(),
            'n' => "\n",
            't' => "\t",
            'r' => "\r",
            'b' => "\b",
            'f' => "\f",
            var c => c.ToString(),
        });
    }

    /// <summary>Text with everything beyond printable ASCII as U+XXXX, for messages.</summary>
    public static string Shown(string? text)
    {
        var shown = new StringBuilder();
        foreach (var c in text ?? "(none)")
            shown.Append(c is >= ' ' and <= '~' ? c.ToString() : $"[U+{(int)c:X4}]");
        return shown.ToString();
    }

    [GeneratedRegex(@"\\(u[0-9a-fA-F]{4}|.)")]
    private static partial Regex Escape();
}
