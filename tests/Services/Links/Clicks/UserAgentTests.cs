using Groundwork.Links.Clicks;

namespace Groundwork.Links.Tests.Clicks;

public sealed class UserAgentTests
{
    private const string Windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) ";
    private const string Mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/";
    private const string IPhone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) ";
    private const string Android = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) ";

    [Theory]
    [InlineData(Windows + "Chrome/124.0.0.0 Safari/537.36", "Chrome", "Windows", "desktop")]
    [InlineData(Windows + "Chrome/124.0.0.0 Safari/537.36 Edg/124.0.2478.51", "Edge", "Windows", "desktop")]
    [InlineData(Windows + "Chrome/123.0.0.0 Safari/537.36 OPR/109.0.0.0", "Opera", "Windows", "desktop")]
    [InlineData(Windows + "Chrome/122.0.0.0 Safari/537.36 Vivaldi/6.6", "Vivaldi", "Windows", "desktop")]
    [InlineData(Windows + "Chrome/122.0.0.0 YaBrowser/24.4.0.0 Safari/537.36", "Yandex Browser", "Windows", "desktop")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:125.0) Gecko/20100101 Firefox/125.0", "Firefox", "Windows", "desktop")]
    [InlineData("Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; .NET CLR 3.5.30729; rv:11.0) like Gecko", "Internet Explorer", "Windows", "desktop")]
    [InlineData("Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; .NET CLR 2.0.50727)", "Internet Explorer", "Windows", "desktop")]
    [InlineData("Mozilla/5.0 (Windows; U; Windows NT 6.1; de; rv:1.9.2) Gecko/20100115 Firefox/3.6 (.NET CLR 3.5.30729)", "Firefox", "Windows", "desktop")]
    [InlineData(Mac + "605.1.15 (KHTML, like Gecko) Version/17.4.1 Safari/605.1.15", "Safari", "macOS", "desktop")]
    [InlineData(Mac + "537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36", "Chrome", "macOS", "desktop")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 14.4; rv:125.0) Gecko/20100101 Firefox/125.0", "Firefox", "macOS", "desktop")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0", "Firefox", "Linux", "desktop")]
    [InlineData("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36", "Chrome", "ChromeOS", "desktop")]
    [InlineData("Mozilla/5.0 (X11; FreeBSD amd64; rv:124.0) Gecko/20100101 Firefox/124.0", "Firefox", "FreeBSD", "desktop")]
    [InlineData(IPhone + "Version/17.4.1 Mobile/15E148 Safari/604.1", "Safari", "iOS", "mobile")]
    [InlineData(IPhone + "CriOS/124.0.6367.68 Mobile/15E148 Safari/604.1", "Chrome", "iOS", "mobile")]
    [InlineData(IPhone + "FxiOS/125.0 Mobile/15E148 Safari/605.1.15", "Firefox", "iOS", "mobile")]
    [InlineData(IPhone + "EdgiOS/123.0.2420.108 Version/17.0 Mobile/15E148 Safari/604.1", "Edge", "iOS", "mobile")]
    [InlineData(IPhone + "GSA/313.0.625720757 Mobile/15E148 Safari/604.1", "Google app", "iOS", "mobile")]
    [InlineData(IPhone + "Mobile/15E148 [FBAN/FBIOS;FBAV/459.0.0.33.105;FBDV/iPhone14,5]", "Facebook", "iOS", "mobile")]
    [InlineData(IPhone + "Mobile/21E236 Instagram 327.1.6.17.86 (iPhone14,5; iOS 17_4_1; de_DE)", "Instagram", "iOS", "mobile")]
    [InlineData(IPhone + "Mobile/15E148 [Pinterest/iOS]", "Pinterest", "iOS", "mobile")]
    [InlineData("Mozilla/5.0 (iPad; CPU OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1", "Safari", "iPadOS", "tablet")]
    [InlineData(Android + "Chrome/124.0.0.0 Mobile Safari/537.36", "Chrome", "Android", "mobile")]
    [InlineData(Android + "Chrome/124.0.0.0 Safari/537.36", "Chrome", "Android", "tablet")]
    [InlineData(Android + "SamsungBrowser/24.0 Chrome/117.0.0.0 Mobile Safari/537.36", "Samsung Internet", "Android", "mobile")]
    [InlineData("Mozilla/5.0 (Android 14; Mobile; rv:125.0) Gecko/125.0 Firefox/125.0", "Firefox", "Android", "mobile")]
    [InlineData("Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36", "Chrome", "Android", "mobile")]
    [InlineData("Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.18", "Opera", "Windows", "desktop")]
    [InlineData("Something/1.0", "other", "other", "other")]
    [InlineData("", "other", "other", "other")]
    public void Browsers_are_known_by_their_headers(string header, string browser, string system, string device) =>
        Assert.Equal(new UserAgent(browser, system, device, Bot: null), UserAgent.Read(header));

    [Theory]
    [InlineData("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot")]
    [InlineData(Android + "Chrome/124.0.0.0 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot")]
    [InlineData("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0 Safari/537.36", "bingbot")]
    [InlineData("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "Facebook")]
    [InlineData("Twitterbot/1.0", "Twitterbot")]
    [InlineData("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "Slackbot")]
    [InlineData("TelegramBot (like TwitterBot)", "TelegramBot")]
    [InlineData("WhatsApp/2.23.20.0", "WhatsApp")]
    [InlineData("Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)", "Discordbot")]
    [InlineData("Pinterest/0.2 (+http://www.pinterest.com/bot.html)", "Pinterest")]
    [InlineData("Mozilla/5.0 (compatible; Pinterestbot/1.0; +http://www.pinterest.com/bot.html)", "Pinterest")]
    [InlineData("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)", "GPTBot")]
    [InlineData("Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", "AhrefsBot")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/124.0.0.0 Safari/537.36", "Headless Chrome")]
    [InlineData("kube-probe/1.29", "health check")]
    [InlineData("curl/8.5.0", "curl")]
    [InlineData("Wget/1.21.4", "Wget")]
    [InlineData("python-requests/2.31.0", "Python")]
    [InlineData("Go-http-client/2.0", "Go")]
    [InlineData("okhttp/4.12.0", "OkHttp")]
    [InlineData("Mozilla/5.0 (compatible; NobodyKnowsBot/1.0)", "other")]
    [InlineData("Some Reader (https://reader.example/about)", "other")]
    public void Programs_that_say_so_are_bots(string header, string bot) =>
        Assert.Equal(new UserAgent("other", "other", "other", bot), UserAgent.Read(header));

    [Theory]
    [InlineData("https://www.Example.org/a?q=secret#x", "example.org")]
    [InlineData("http://example.org:8080/", "example.org")]
    [InlineData("https://user:secret@example.org/", "example.org")]
    [InlineData("https://www./", "www.")]
    [InlineData("https://192.0.2.1/x", "192.0.2.1")]
    [InlineData("https://[2001:db8::1]/x", "[2001:db8::1]")]
    [InlineData("android-app://com.google.android.gm/", "com.google.android.gm")]
    [InlineData("/relative", "other")]
    [InlineData("about:blank", "other")]
    [InlineData("not a url", "other")]
    [InlineData("", "other")]
    [InlineData("https://0123456789012345678901234567890123456789.0123456789012345678901234567890123456789/", "other")]
    public void Of_a_referrer_only_the_host_is_kept(string header, string host) => Assert.Equal(host, ClickReader.ReferrerOf(header));

    [Theory]
    [InlineData("de-AT,de;q=0.8,en;q=0.5", "de")]
    [InlineData("EN", "en")]
    [InlineData(" fr ;q=1", "fr")]
    [InlineData("zh_CN", "zh")]
    [InlineData("gsw-CH", "gsw")]
    [InlineData("*", "other")]
    [InlineData("", "other")]
    [InlineData("x", "other")]
    [InlineData("1e-5", "other")]
    [InlineData("[]", "other")]
    [InlineData("deutsch", "other")]
    public void Of_the_languages_the_first_is_kept_without_its_region(string header, string language) =>
        Assert.Equal(language, ClickReader.LanguageOf(header));
}
