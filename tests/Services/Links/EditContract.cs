using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Groundwork.Testing.Servers;

namespace Groundwork.Links.Tests;

/// <summary>What an edit does to a link, on any engine.</summary>
public abstract class EditContract(PostgresServer? postgres) : LinksTests(postgres)
{
    [Fact]
    public async Task What_is_absent_from_an_edit_stays()
    {
        var before = await FullAsync();
        var code = LinksClient.CodeOf(before);

        var after = await EditedAsync(code, """{"title":"Winter"}""");

        foreach (var member in before.EnumerateObject().Where(m => m.Name != "title"))
            Assert.Equal(member.Value.GetRawText(), after.GetProperty(member.Name).GetRawText());
        Assert.Equal("Winter", after.GetProperty("title").GetString());
        Assert.Equal(after.GetRawText(), (await EditedAsync(code, "{}")).GetRawText());
        Assert.Equal(after.GetRawText(), (await Links.LinkAsync(code)).GetRawText());
    }

    [Theory]
    [InlineData("owner")]
    [InlineData("title")]
    [InlineData("expires_at")]
    public async Task Null_takes_away_what_can_be_missing(string member)
    {
        var code = LinksClient.CodeOf(await FullAsync());

        var after = await EditedAsync(code, $$"""{"{{member}}":null}""");

        Assert.False(after.TryGetProperty(member, out _));
    }

    [Fact]
    public async Task Null_brings_back_the_default_of_what_cannot_be_missing()
    {
        var code = LinksClient.CodeOf(await FullAsync());
        await EditedAsync(code, """{"disabled":true}""");

        var after = await EditedAsync(code, """{"tags":null,"redirect":null,"forward_query":null,"disabled":null,"ttl":null}""");

        Assert.Equal(0, after.GetProperty("tags").GetArrayLength());
        Assert.Equal(302, after.GetProperty("redirect").GetInt32());
        Assert.False(after.GetProperty("forward_query").GetBoolean());
        Assert.Equal("live", after.GetProperty("status").GetString());
        Assert.False(after.TryGetProperty("expires_at", out _));
        await LinksClient.RefusedAsync(await Links.EditAsync(code, """{"long_url":null}"""), HttpStatusCode.BadRequest, "invalid-request", "long_url");
    }

    [Fact]
    public async Task An_edit_that_is_none_is_refused_and_changes_nothing()
    {
        (string Patch, string? Member)[] bad =
        [
            ("""{"redirect":303}""", "redirect"),
            ("""{"ttl":0}""", "ttl"),
            ("""{"ttl":10,"expires_at":"2030-01-01T00:00:00Z"}""", "ttl"),
            ("""{"expires_at":"2020-01-01T00:00:00Z"}""", "expires_at"),
            ("""{"long_url":"ftp://example.org/"}""", "long_url"),
            ("""{"tags":["a,b"]}""", "tags"),
            ("""{"owner":""}""", "owner"),
            ("""{"custom_alias":"other"}""", null),
            ("""{"disabled":"yes"}""", null),
            ("[]", null),
            ("null", null),
            ("", null),
        ];
        var before = await FullAsync();
        var code = LinksClient.CodeOf(before);
        foreach (var (patch, member) in bad)
            await LinksClient.RefusedAsync(await Links.EditAsync(code, patch), HttpStatusCode.BadRequest, "invalid-request", member);

        Assert.Equal(before.GetRawText(), (await Links.LinkAsync(code)).GetRawText());
    }

    [Fact]
    public async Task A_link_that_is_switched_off_answers_410_until_it_is_switched_on_again()
    {
        var code = await Links.CodeAsync(new { long_url = "https://example.org/" });
        Assert.Equal(HttpStatusCode.Found, await Links.StatusAsync(code));

        Assert.Equal("disabled", (await EditedAsync(code, """{"disabled":true}""")).GetProperty("status").GetString());
        await LinksClient.RefusedAsync(await Links.FollowAsync(code), HttpStatusCode.Gone, "link-gone");

        await EditedAsync(code, """{"disabled":false}""");
        Assert.Equal(HttpStatusCode.Found, await Links.StatusAsync(code));
    }

    [Fact]
    public async Task A_link_that_expired_leads_on_once_it_is_given_a_later_end()
    {
        var code = await Links.CodeAsync(new { long_url = "https://example.org/", ttl = 5 });
        Links.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(HttpStatusCode.Gone, await Links.StatusAsync(code));

        // Any other edit leaves its end where it is.
        Assert.Equal("expired", (await EditedAsync(code, """{"title":"late"}""")).GetProperty("status").GetString());
        await EditedAsync(code, """{"ttl":5}""");

        Assert.Equal(HttpStatusCode.Found, await Links.StatusAsync(code));
    }

    [Fact]
    public async Task A_deleted_link_is_gone_for_everyone()
    {
        var code = await Links.CodeAsync(new { long_url = "https://example.org/" });
        Assert.Equal(HttpStatusCode.Found, await Links.StatusAsync(code));

        Assert.Equal(HttpStatusCode.NoContent, (await Links.DeleteAsync(code)).StatusCode);

        await LinksClient.RefusedAsync(await Links.FollowAsync(code), HttpStatusCode.NotFound, "not-found");
        await LinksClient.RefusedAsync(await Links.GetAsync(code), HttpStatusCode.NotFound, "not-found");
        await LinksClient.RefusedAsync(await Links.GetAsync(code + "/stats"), HttpStatusCode.NotFound, "not-found");
        await LinksClient.RefusedAsync(await Links.EditAsync(code, "{}"), HttpStatusCode.NotFound, "not-found");
        await LinksClient.RefusedAsync(await Links.DeleteAsync(code), HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task The_tag_changes_with_the_link_and_comes_back_with_it()
    {
        var created = await Links.PostAsync(new { long_url = "https://example.org/", title = "a" });
        var code = LinksClient.CodeOf(await LinksClient.ReadAsync(created));
        var tags = new HashSet<EntityTagHeaderValue> { created.Headers.ETag! };

        foreach (var patch in (string[])["""{"title":"b"}""", """{"redirect":301}""", """{"tags":["x"]}""", """{"disabled":true}""", """{"ttl":9}"""])
            Assert.True(tags.Add((await Links.EditAsync(code, patch)).Headers.ETag!));
        Assert.Contains((await Links.GetAsync(code)).Headers.ETag!, tags);

        // What readers see changes by itself too.
        await EditedAsync(code, """{"disabled":false}""");
        var live = (await Links.GetAsync(code)).Headers.ETag;
        Links.Time.Advance(TimeSpan.FromSeconds(9));
        Assert.NotEqual(live, (await Links.GetAsync(code)).Headers.ETag);
    }

    [Fact]
    public async Task A_change_of_what_was_changed_since_it_was_read_is_refused()
    {
        var created = await Links.PostAsync(new { long_url = "https://example.org/" });
        var code = LinksClient.CodeOf(await LinksClient.ReadAsync(created));
        var old = created.Headers.ETag!;
        var current = (await Links.EditAsync(code, """{"title":"one"}""", old)).Headers.ETag!;

        await LinksClient.RefusedAsync(await Links.EditAsync(code, """{"title":"two"}""", old), HttpStatusCode.PreconditionFailed, "precondition-failed");
        await LinksClient.RefusedAsync(await Links.DeleteAsync(code, old), HttpStatusCode.PreconditionFailed, "precondition-failed");
        Assert.Equal("one", (await Links.LinkAsync(code)).GetProperty("title").GetString());

        Assert.Equal(HttpStatusCode.OK, (await Links.EditAsync(code, """{"title":"three"}""", EntityTagHeaderValue.Any)).StatusCode);
        await LinksClient.RefusedAsync(await Links.DeleteAsync(code, current), HttpStatusCode.PreconditionFailed, "precondition-failed");
        Assert.Equal(HttpStatusCode.NoContent, (await Links.DeleteAsync(code, (await Links.GetAsync(code)).Headers.ETag)).StatusCode);
    }

    [Fact]
    public async Task Of_many_edits_on_one_tag_one_is_taken()
    {
        var created = await Links.PostAsync(new { long_url = "https://example.org/" });
        var code = LinksClient.CodeOf(await LinksClient.ReadAsync(created));

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Links.EditAsync(code, $$"""{"title":"{{i}}"}""", created.Headers.ETag)));

        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.OK);
        Assert.Equal(15, answers.Count(a => a.StatusCode == HttpStatusCode.PreconditionFailed));
    }

    [Fact]
    public async Task Edits_of_different_members_at_the_same_time_all_hold()
    {
        var code = await Links.CodeAsync(new { long_url = "https://example.org/" });
        string[] patches = ["""{"title":"t"}""", """{"owner":"o"}""", """{"redirect":308}""", """{"tags":["x"]}""", """{"long_url":"https://example.org/new"}""", """{"forward_query":true}"""];

        // More at once than a try or two of each would let through.
        var answers = await Task.WhenAll(Enumerable.Range(0, 96).Select(i => Links.EditAsync(code, patches[i % patches.Length])));

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        var link = await Links.LinkAsync(code);
        Assert.Equal(
            ("t", "o", 308, 1, "https://example.org/new", true),
            (link.GetProperty("title").GetString(), link.GetProperty("owner").GetString(), link.GetProperty("redirect").GetInt32(),
                link.GetProperty("tags").GetArrayLength(), link.GetProperty("long_url").GetString(), link.GetProperty("forward_query").GetBoolean()));
    }

    [Fact]
    public async Task No_follower_who_comes_after_an_acknowledged_edit_sees_what_was_before()
    {
        var code = await Links.CodeAsync(new { long_url = "https://example.org/0" });
        var acknowledged = 0;
        var followed = 0;
        using var enough = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 6).Select(_ => Task.Run(HammerAsync)).ToArray();

        for (var edit = 1; edit <= 150; edit++)
        {
            Assert.Equal(HttpStatusCode.OK, (await Links.EditAsync(code, $$"""{"long_url":"https://example.org/{{edit}}"}""")).StatusCode);
            Volatile.Write(ref acknowledged, edit);
        }

        await enough.CancelAsync();
        var all = Task.WhenAll(readers);
        while (!all.IsCompleted) // whoever waits for another's lease does so by the clock
        {
            Links.Time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }

        await all;
        Assert.True(followed > 150);

        async Task HammerAsync()
        {
            while (!enough.IsCancellationRequested)
            {
                var least = Volatile.Read(ref acknowledged);
                var seen = int.Parse((await Links.LocationAsync(code))!.Split('/')[^1], CultureInfo.InvariantCulture);
                Assert.True(seen >= least);
                Interlocked.Increment(ref followed);
            }
        }
    }

    private Task<JsonElement> FullAsync() => Links.MakeAsync(new
    {
        long_url = "https://example.org/full",
        ttl = 3600,
        redirect = 307,
        forward_query = true,
        owner = "team",
        tags = (string[])["b", "a", "b"],
        title = "Summer",
    });

    private async Task<JsonElement> EditedAsync(string code, string patch)
    {
        var response = await Links.EditAsync(code, patch);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await LinksClient.ReadAsync(response);
    }
}
