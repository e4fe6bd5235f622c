using Groundwork.Console.Pages.Links;

namespace Groundwork.Console.Tests.Links;

public sealed class LinkWishTests
{
    private static readonly LinkWish Was = new()
    {
        LongUrl = "https://example.org/",
        Alias = "spring",
        ExpiresAt = "2027-01-31T12:00:00",
        Owner = "shop",
        Tags = "a, b",
        Title = "Spring",
    };

    [Fact]
    public void Where_only_a_long_URL_was_typed_only_that_is_sent() =>
        Assert.Equal("""{"long_url":"https://example.org/"}""", new LinkWish { LongUrl = "https://example.org/" }.ToCreate().ToJsonString());

    [Fact]
    public void Everything_that_was_typed_is_sent()
    {
        var body = (Was with { Ttl = "3600", Redirect = "301", ForwardQuery = true, Dedupe = true }).ToCreate();

        Assert.Equal(
            """{"long_url":"https://example.org/","custom_alias":"spring","ttl":3600,"expires_at":"2027-01-31T12:00:00Z","redirect":301,"forward_query":true,"owner":"shop","tags":["a","b"],"title":"Spring","dedupe":true}""",
            body.ToJsonString());
    }

    [Theory]
    [InlineData("soon", "\"soon\"")]
    [InlineData("2027-13-01T00:00:00", "\"2027-13-01T00:00:00\"")]
    public void What_is_no_time_is_sent_as_it_is_for_the_API_to_say_what_is_wrong(string typed, string sent) =>
        Assert.Equal(sent, (Was with { ExpiresAt = typed }).ToCreate()["expires_at"]!.ToJsonString());

    [Fact]
    public void Of_a_change_only_what_is_different_is_sent()
    {
        Assert.Empty(Was.ToPatch(Was));
        Assert.Empty((Was with { Tags = " a,b ," }).ToPatch(Was));
        Assert.Equal("""{"redirect":307,"tags":["b","c"]}""", (Was with { Tags = "b, c", Redirect = "307" }).ToPatch(Was).ToJsonString());
    }

    [Fact]
    public void What_was_emptied_is_taken_away()
    {
        var patch = (Was with { ExpiresAt = "", Owner = "", Title = "", Tags = "" }).ToPatch(Was);

        Assert.Equal("""{"expires_at":null,"owner":null,"tags":[],"title":null}""", patch.ToJsonString());
    }

    [Fact]
    public void Where_two_changes_meet_each_difference_is_named()
    {
        var theirs = Was with { Title = "Summer", Redirect = "301" };

        Assert.Equal([("Title", "Spring", "Summer"), ("Redirect", "302", "301")], Was.Differences(theirs));
    }
}
