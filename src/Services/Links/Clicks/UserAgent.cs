namespace Groundwork.Links.Clicks;

/// <summary>What a User-Agent header tells of whoever sent it.</summary>
/// <param name="Browser">The browser, without its version.</param>
/// <param name="System">The operating system.</param>
/// <param name="Device">desktop, mobile, tablet or other.</param>
/// <param name="Bot">The program's name, where it says that it is none of the above; null otherwise.</param>
internal sealed record UserAgent(string Browser, string System, string Device, string? Bot)
{
    private const StringComparison Anyhow = StringComparison.OrdinalIgnoreCase;

    // Read from above: the first that is named decides, since each names those that it wants to be taken for after itself.
    private static readonly (string Token, string Name)[] Browsers =
    [
        ("edg/", "Edge"), ("edga/", "Edge"), ("edgios/", "Edge"), ("edge/", "Edge"),
        ("opr/", "Opera"), ("opios/", "Opera"), ("opera", "Opera"), ("opt/", "Opera"),
        ("samsungbrowser/", "Samsung Internet"), ("vivaldi/", "Vivaldi"), ("yabrowser/", "Yandex Browser"), ("ucbrowser/", "UC Browser"),
        ("duckduckgo/", "DuckDuckGo"), ("ddg/", "DuckDuckGo"), ("whale/", "Whale"), ("miuibrowser/", "MIUI Browser"), ("silk/", "Silk"),
        ("fban/", "Facebook"), ("fbav/", "Facebook"), ("instagram", "Instagram"), ("line/", "LINE"), ("micromessenger/", "WeChat"), ("tiktok", "TikTok"), ("pinterest/", "Pinterest"),
        ("fxios/", "Firefox"), ("focus/", "Firefox"), ("seamonkey/", "SeaMonkey"), ("firefox/", "Firefox"),
        ("crios/", "Chrome"), ("chromium/", "Chromium"), ("chrome/", "Chrome"),
        ("trident/", "Internet Explorer"), ("msie ", "Internet Explorer"), ("gsa/", "Google app"),
        ("version/", "Safari"), ("safari/", "Safari"), ("applewebkit", "Safari"), ("gecko/", "Firefox"),
    ];

    private static readonly (string Token, string Name)[] Systems =
    [
        ("windows phone", "Windows Phone"), ("windows", "Windows"), ("ipad", "iPadOS"), ("iphone", "iOS"), ("ipod", "iOS"), ("android", "Android"),
        ("cros ", "ChromeOS"), ("macintosh", "macOS"), ("mac os x", "macOS"), ("kaios", "KaiOS"), ("tizen", "Tizen"), ("web0s", "webOS"),
        ("playstation", "PlayStation"), ("nintendo", "Nintendo"), ("freebsd", "FreeBSD"), ("openbsd", "OpenBSD"), ("linux", "Linux"), ("x11", "Linux"),
    ];

    // Those with a name of their own; then what calls itself one; then libraries, which no person looks through.
    private static readonly (string Token, string Name)[] Bots =
    [
        ("googlebot", "Googlebot"), ("google-inspectiontool", "Googlebot"), ("googleother", "Googlebot"), ("adsbot-google", "AdsBot"), ("mediapartners-google", "AdsBot"),
        ("bingbot", "bingbot"), ("bingpreview", "bingbot"), ("slurp", "Yahoo"), ("duckduckbot", "DuckDuckBot"), ("baiduspider", "Baiduspider"),
        ("yandexbot", "YandexBot"), ("yandex.com/bots", "YandexBot"), ("applebot", "Applebot"), ("petalbot", "PetalBot"), ("sogou", "Sogou"), ("amazonbot", "Amazonbot"),
        ("facebookexternalhit", "Facebook"), ("facebot", "Facebook"), ("meta-externalagent", "Meta"), ("telegrambot", "TelegramBot"), ("twitterbot", "Twitterbot"), ("linkedinbot", "LinkedInBot"),
        ("slackbot", "Slackbot"), ("slack-imgproxy", "Slackbot"), ("whatsapp", "WhatsApp"), ("discordbot", "Discordbot"),
        ("skypeuripreview", "Skype"), ("pinterestbot", "Pinterest"), ("pinterest/0", "Pinterest"), ("redditbot", "redditbot"), ("mastodon", "Mastodon"), ("bluesky", "Bluesky"), ("iframely", "Iframely"),
        ("embedly", "Embedly"), ("gptbot", "GPTBot"), ("oai-searchbot", "OAI-SearchBot"), ("chatgpt-user", "ChatGPT-User"), ("claudebot", "ClaudeBot"),
        ("claude-web", "ClaudeBot"), ("anthropic-ai", "ClaudeBot"), ("perplexitybot", "PerplexityBot"), ("ccbot", "CCBot"), ("bytespider", "Bytespider"),
        ("ahrefsbot", "AhrefsBot"), ("semrushbot", "SemrushBot"), ("mj12bot", "MJ12bot"), ("dotbot", "DotBot"), ("ia_archiver", "Internet Archive"), ("archive.org_bot", "Internet Archive"),
        ("uptimerobot", "UptimeRobot"), ("pingdom", "Pingdom"), ("statuscake", "StatusCake"), ("site24x7", "Site24x7"), ("better uptime", "Better Stack"), ("googlehc", "health check"),
        ("kube-probe", "health check"), ("elb-healthchecker", "health check"), ("lighthouse", "Lighthouse"),
        ("headlesschrome", "Headless Chrome"), ("phantomjs", "PhantomJS"),
        ("bot", Rollup.Other), ("crawl", Rollup.Other), ("spider", Rollup.Other), ("preview", Rollup.Other), ("scan", Rollup.Other), ("monitor", Rollup.Other), ("archiver", Rollup.Other),
        ("curl/", "curl"), ("wget", "Wget"), ("python", "Python"), ("aiohttp", "Python"), ("httpx", "Python"), ("scrapy", "Scrapy"), ("go-http-client", "Go"), ("java/", "Java"),
        ("okhttp", "OkHttp"), ("apache-httpclient", "Java"), ("libwww-perl", "Perl"), ("php/", "PHP"), ("guzzlehttp", "PHP"), ("ruby", "Ruby"), ("node-fetch", "Node.js"), ("undici", "Node.js"),
        ("axios/", "Node.js"), ("got (", "Node.js"), ("postmanruntime", "Postman"), ("insomnia", "Insomnia"), ("httpie", "HTTPie"), ("powershell", "PowerShell"),
        ("feed", Rollup.Other), ("rss", Rollup.Other), ("http://", Rollup.Other), ("https://", Rollup.Other),
    ];

    /// <summary>What is told by none.</summary>
    public static UserAgent Unknown { get; } = new(Rollup.Other, Rollup.Other, Rollup.Other, null);

    /// <summary>Reads a header.</summary>
    /// <remarks>
    /// A table of tokens, because that is what the headers are: they have not been more precise since browsers froze them. Brave
    /// and others that do not want to be told apart are Chrome; an iPad that asks for desktop pages is a Mac. Programs that fetch
    /// pages for others, and libraries, are bots: nobody has looked.
    /// </remarks>
    public static UserAgent Read(string? header)
    {
        if (string.IsNullOrWhiteSpace(header))
            return Unknown;
        var text = header.AsSpan(0, Math.Min(header.Length, 512));
        if (Find(text, Bots) is { } bot && !IsBrowserAllTheSame(text))
            return new(Rollup.Other, Rollup.Other, Rollup.Other, bot);

        var system = Find(text, Systems) ?? Rollup.Other;
        var browser = Find(text, Browsers) ?? Rollup.Other;
        return new(browser, system, DeviceOf(text, system), null);
    }

    // A make of phones.
    private static bool IsBrowserAllTheSame(ReadOnlySpan<char> text) => text.Contains("cubot", Anyhow);

    private static string DeviceOf(ReadOnlySpan<char> text, string system) => system switch
    {
        "iPadOS" => "tablet",
        "iOS" or "Windows Phone" or "KaiOS" => "mobile",
        "Android" => text.Contains("mobile", Anyhow) && !text.Contains("tablet", Anyhow) ? "mobile" : "tablet",
        "Windows" or "macOS" or "Linux" or "ChromeOS" or "FreeBSD" or "OpenBSD" => text.Contains("mobile", Anyhow) ? "mobile" : "desktop",
        _ => Rollup.Other,
    };

    private static string? Find(ReadOnlySpan<char> text, (string Token, string Name)[] tokens)
    {
        foreach (var (token, name) in tokens)
        {
            if (text.Contains(token, Anyhow))
                return name;
        }

        return null;
    }
}
