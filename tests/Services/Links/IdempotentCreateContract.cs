using System.Net;
using System.Text.Json;
using Groundwork.Testing.Servers;

namespace Groundwork.Links.Tests;

/// <summary>What a create that is sent again does, on any engine.</summary>
public abstract class IdempotentCreateContract(PostgresServer? postgres) : LinksTests(postgres)
{
    [Fact]
    public async Task A_retry_gets_the_first_answer_to_the_byte_however_late_it_comes()
    {
        object[] bodies =
        [
            new { long_url = "https://example.org/" },
            new { long_url = "https://example.org/", custom_alias = "once", title = "äöü \" <b>" },
            new { long_url = "https://example.org/", ttl = 60, tags = (string[])["b", "a"], owner = "o" },
            new { long_url = "https://example.org/", dedupe = true },
        ];
        for (var i = 0; i < bodies.Length; i++)
        {
            var first = await Links.PostAsync(bodies[i], $"key-{i}");
            Assert.Equal(HttpStatusCode.Created, first.StatusCode);
            Links.Time.Advance(TimeSpan.FromHours(3));

            await SameAsync(first, await Links.PostAsync(bodies[i], $"key-{i}"));
        }
    }

    [Fact]
    public async Task What_was_done_to_the_link_meanwhile_stays_as_it_is()
    {
        var body = new { long_url = "https://example.org/", custom_alias = "mine" };
        var first = await Links.PostAsync(body, "key");
        await Links.EditAsync("mine", """{"long_url":"https://example.org/edited"}""");
        await SameAsync(first, await Links.PostAsync(body, "key"));
        Assert.Equal("https://example.org/edited", await Links.LocationAsync("mine"));

        await Links.DeleteAsync("mine");
        await SameAsync(first, await Links.PostAsync(body, "key"));
        Assert.Equal(HttpStatusCode.NotFound, await Links.StatusAsync("mine"));
    }

    [Fact]
    public async Task A_dedupe_that_found_a_link_is_answered_with_it_again_after_that_is_gone()
    {
        var body = new { long_url = "https://example.org/", dedupe = true };
        var made = await Links.CodeAsync(body);
        var found = await Links.PostAsync(body, "key");
        Assert.Equal((HttpStatusCode.OK, made), (found.StatusCode, LinksClient.CodeOf(await LinksClient.ReadAsync(found))));

        await Links.DeleteAsync(made);

        await SameAsync(found, await Links.PostAsync(body, "key"));
        Assert.Equal(HttpStatusCode.Created, (await Links.PostAsync(body, "other-key")).StatusCode);
    }

    [Fact]
    public async Task A_taken_alias_is_refused_each_time_and_the_key_stays_free_for_another_body()
    {
        await Links.MakeAsync(new { long_url = "https://example.org/", custom_alias = "theirs" });
        for (var i = 0; i < 2; i++)
        {
            await LinksClient.RefusedAsync(
                await Links.PostAsync(new { long_url = "https://example.org/x", custom_alias = "theirs" }, "key"), HttpStatusCode.Conflict, "alias-taken", "custom_alias");
        }

        Assert.Equal(HttpStatusCode.Created, (await Links.PostAsync(new { long_url = "https://example.org/x", custom_alias = "mine" }, "key")).StatusCode);
    }

    [Fact]
    public async Task Of_many_requests_for_one_alias_in_one_moment_one_is_told_that_it_has_it()
    {
        // The clock stands still, so that nothing but what they are made of tells them apart.
        for (var round = 0; round < 5; round++)
        {
            var alias = $"wanted-{round}";
            var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i =>
                Links.PostAsync(new { long_url = $"https://example.org/{i}", custom_alias = alias }, $"key-{round}-{i}")));

            var won = Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Created);
            Assert.Equal(11, answers.Count(a => a.StatusCode == HttpStatusCode.Conflict));
            Assert.Equal((await LinksClient.ReadAsync(won)).GetProperty("long_url").GetString(), await Links.LocationAsync(alias));
        }
    }

    [Fact]
    public async Task What_was_decided_by_a_call_that_died_is_brought_about_by_the_retry()
    {
        var shortener = Links.Service<Shortener>();
        var request = new LinkRequest(new LinkContent("https://example.org/") { Title = "t" }, null, Dedupe: false);
        var decided = Assert.IsType<MakeResult.Made>(await shortener.DecideAsync(request, Cancellation)).Link;
        Assert.Equal(HttpStatusCode.NotFound, await Links.StatusAsync(decided.Code));

        Links.Time.Advance(TimeSpan.FromMinutes(1));
        var redrafted = shortener.Redraft(decided.Code, request, decided.CreatedAt, decided.Content);
        Assert.True(await shortener.StoreDecidedAsync(redrafted, Cancellation));
        Assert.True(await shortener.StoreDecidedAsync(redrafted, Cancellation));

        Assert.Equal("https://example.org/", await Links.LocationAsync(decided.Code));
        Assert.Equal(decided with { Content = redrafted.Content }, redrafted);
    }

    private static async Task SameAsync(HttpResponseMessage first, HttpResponseMessage again)
    {
        Assert.Equal(first.StatusCode, again.StatusCode);
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal(first.Headers.ETag, again.Headers.ETag);
        Assert.Equal(await first.Content.ReadAsStringAsync(Cancellation), await again.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("true", Assert.Single(again.Headers.GetValues("Idempotency-Replayed")));
        Assert.Equal(JsonValueKind.Object, (await LinksClient.ReadAsync(again)).ValueKind);
    }
}
