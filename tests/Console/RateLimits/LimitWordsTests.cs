using Groundwork.Console.Pages.RateLimits;

namespace Groundwork.Console.Tests.RateLimits;

/// <summary>Limits and what-ifs in words.</summary>
public sealed class LimitWordsTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(56);

    [Theory]
    [InlineData("token-bucket", 100, 60, 100, "100 a minute")]
    [InlineData("token-bucket", 100, 60, 200, "100 a minute, up to 200 at once")]
    [InlineData("gcra", 5, 900, 5, "5 in 15 min")]
    [InlineData("leaky-bucket", 7, 1, 3, "7 a second one after another, up to 3 waiting")]
    [InlineData("fixed-window", 1000, 86400, 1000, "1 000 in each day")]
    [InlineData("sliding-window", 20, 7, 20, "20 in about any 7 s")]
    [InlineData("sliding-log", 20, 3600, 20, "20 in any hour")]
    [InlineData("concurrency", 5, 60, 5, "5 at once, each for a minute at most")]
    public void A_limit_is_said_in_words(string algorithm, long permits, double period, long burst, string words) =>
        Assert.Equal(words, LimitWords.Of(new ShownLimit(algorithm, permits, period, burst)).Replace('\u202f', ' '));

    [Theory]
    [InlineData(60, "1m")]
    [InlineData(86400, "1d")]
    [InlineData(90, "90s")]
    [InlineData(0.25, "250ms")]
    [InlineData(0.0015, "0.0015s")]
    public void A_period_is_written_as_the_file_has_it(double seconds, string text)
    {
        Assert.Equal(text, LimitWords.Text(seconds));
        Assert.True(Ports.Settings.SettingText.TryDuration(text, out var read));
        Assert.Equal(seconds, read.TotalSeconds);
    }

    [Fact]
    public void Who_and_what_is_counted_is_said_in_words()
    {
        Assert.Equal(("all together", "every route"), Words(null, null, null));
        Assert.Equal(("each caller and each X-Tenant", "POST of /v1/urls, /v1/toys/*"), Words(["/v1/urls", "/v1/toys/*"], ["POST"], null, "caller", "header:X-Tenant"));
        Assert.Equal(("all together", "what asks for it by name"), Words([], null, null));
        Assert.Equal(
            ("each remote_address", "Envoy’s edge: generic_key=slow, remote_address"), Words([], null, new ShownDescriptor("edge", ["generic_key=slow", "remote_address"])));

        static (string, string) Words(string[]? routes, string[]? methods, ShownDescriptor? descriptor, params string[] by)
        {
            var policy = new ShownPolicy("p", routes, methods, descriptor, by, [], 1, false, "allow", 0, 0, 0, 0, 0, new(0, 0, 0, 0));
            return (LimitWords.By(policy), LimitWords.What(policy));
        }
    }

    [Fact]
    public void A_what_if_says_in_a_sentence_what_would_have_been_refused()
    {
        Assert.Equal(
            "Of 1 000 requests of 50 keys in the last 10 min, these limits would have refused 120 (12 %), of 3 keys; those in force 20 (2 %).",
            Words(WhatIf(1000, 20, 120, 3)));
        Assert.Equal("Of 10 requests of 50 keys in the last 10 min, these limits would have refused none; nor would those in force.", Words(WhatIf(10, 0, 0, 0)));
        Assert.Equal("Of 10 requests of 50 keys in the last 10 min, these limits would have refused none; those in force 5 (50 %).", Words(WhatIf(10, 5, 0, 0)));
        Assert.Equal(
            "Of 10 requests of 50 keys in the last 10 min, these limits would have refused 5 (50 %), of 1 key; as many as those in force.", Words(WhatIf(10, 5, 5, 1)));
    }

    [Fact]
    public void What_a_what_if_cannot_know_is_said_beside_it()
    {
        Assert.Empty(WhatIfWords.Cautions(WhatIf(10, 0, 0, 0)));
        var sampled = WhatIf(10, 0, 0, 0) with { Recorded = new(Now.AddMinutes(-10), Now, 0.125, 10, 100) };
        Assert.StartsWith("One key in 8 is recorded, with all that it asked: 10 % of all requests.", Assert.Single(WhatIfWords.Cautions(sampled)).Replace('\u202f', ' '), StringComparison.Ordinal);
        var young = WhatIf(10, 0, 0, 0) with { Recorded = new(Now.AddSeconds(-30), Now, 1, 10, 10) };
        Assert.StartsWith("Each key begins with nothing taken, 30 s ago: a limit of a longer period, such as 5 a minute,", Assert.Single(WhatIfWords.Cautions(young)).Replace('\u202f', ' '), StringComparison.Ordinal);
    }

    private static string Words(ShownWhatIf whatIf) => WhatIfWords.Of(whatIf).Replace('\u202f', ' ');

    private static ShownWhatIf WhatIf(long all, long inForce, long proposed, int keys) => new(
        new(Now.AddMinutes(-10), Now, 1, all, all), 50, Side(all, inForce, keys), Side(all, proposed, keys), []);

    private static ShownReplay Side(long all, long refused, int keys) =>
        new([new("token-bucket", 5, 60, 5)], all - refused, refused, (double)refused / all, 0, keys);
}
