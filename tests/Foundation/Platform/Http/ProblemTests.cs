using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Groundwork.Ports.Database;

namespace Groundwork.Platform.Tests.Http;

public sealed class ProblemTests : IAsyncLifetime
{
    private ToyInstance _toy = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _toy = await ToyInstance.StartAsync();

    public ValueTask DisposeAsync() => _toy.DisposeAsync();

    [Fact]
    public async Task An_unknown_address_is_a_problem() =>
        await ToyInstance.ProblemAsync(await _toy.GetAsync("/v1/nothing/here"), "not-found", 404);

    [Fact]
    public async Task A_problem_of_the_api_is_JSON_to_browsers_too_and_written_as_people_read_it()
    {
        var response = await _toy.SendAsync(HttpMethod.Get, "/v1/toys/typed?count=x&colour=deep_red", null, ("Accept", "text/html"));
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("not 'x'", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", "text/html")]
    [InlineData("*/*", "application/problem+json")]
    public async Task Who_follows_a_broken_address_with_a_browser_gets_a_page(string accept, string type)
    {
        var response = await _toy.SendAsync(HttpMethod.Get, "/some/where/<b>", null, ("Accept", accept));
        Assert.Equal((404, type, "Accept"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, type == "text/html" ? response.Headers.Vary.Single() : "Accept"));
        Assert.DoesNotContain("<b>", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_method_is_a_problem_that_lists_the_right_ones()
    {
        var response = await _toy.SendAsync(HttpMethod.Delete, "/v1/toys/constant");
        await ToyInstance.ProblemAsync(response, "method-not-allowed", 405);
        Assert.Equal(["GET", "HEAD"], response.Content.Headers.Allow.Order());
    }

    [Fact]
    public async Task What_answers_GET_answers_HEAD_without_a_body()
    {
        var response = await _toy.SendAsync(HttpMethod.Head, "/v1/toys/constant");
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Theory]
    [InlineData("{\"name\":5}", "name", "name must be a string.")]
    [InlineData("{\"name\":null}", "name", "name must be a string.")]
    [InlineData("{\"count\":\"5\"}", "count", "count must be a whole number from -2147483648 to 2147483647.")]
    [InlineData("{\"count\":5.5}", "count", "count must be a whole number from -2147483648 to 2147483647.")]
    [InlineData("{\"colour\":\"green\"}", "colour", "colour must be one of blue, deep_red.")]
    [InlineData("{\"colour\":1}", "colour", "colour must be one of blue, deep_red.")]
    [InlineData("{\"made_at\":\"yesterday\"}", "made_at", "made_at must be a time such as 2026-01-31T12:00:00Z.")]
    [InlineData("{\"parts\":[{},{\"weight\":\"x\"}]}", "parts[1].weight", "parts[1].weight must be a number.")]
    [InlineData("{\"parts\":5}", "parts", "parts must be a list, each of its items an object with the members name, weight.")]
    [InlineData("{\"parts\":[{\"wieght\":1}]}", "parts[0].wieght", "parts[0].wieght is not a member that is known here. Did you mean weight?")]
    [InlineData("{\"zzz\":1}", "zzz", "zzz is not a member that is known here. The members are name, count, colour, parts, made_at.")]
    [InlineData("{\"odd name.[0]\":1}", "odd name.[0]", null)]
    [InlineData("{\"name\":\"a\",\"name\":\"b\"}", "name", "name stands more than once.")]
    [InlineData("[]", null, "The body must be an object with the members name, count, colour, parts, made_at.")]
    [InlineData("{\"name\":\"\\ud800\"}", "name", null)]
    [InlineData("{\"name\":", null, "The body is not valid JSON: look at line 1, byte 9.")]
    [InlineData("{\n \"name\": nope}", null, "The body is not valid JSON: look at line 2, byte 11.")]
    [InlineData("", null, "The request has no body; this endpoint reads JSON.")]
    public async Task A_body_that_cannot_be_read_says_which_member_and_what_is_expected(string body, string? member, string? detail)
    {
        var problem = await ToyInstance.ProblemAsync(await _toy.PostJsonAsync("/v1/toys", body), "invalid-request", 400);
        Assert.Equal(member, problem.TryGetProperty("member", out var m) ? m.GetString() : null);
        if (detail is not null)
            Assert.Equal(detail, problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("?count=abc&colour=Blue", "count", "The parameter count must be a whole number from -2147483648 to 2147483647, not 'abc'.")]
    [InlineData("?count=1&colour=x", "colour", "The parameter colour must be one of blue, deep_red, not 'x'.")]
    [InlineData("?count=1", "colour", "The parameter colour is required: one of blue, deep_red.")]
    public async Task A_parameter_that_cannot_be_read_says_which_and_what_is_expected(string query, string member, string detail)
    {
        var problem = await ToyInstance.ProblemAsync(await _toy.GetAsync("/v1/toys/typed" + query), "invalid-request", 400);
        Assert.Equal(member, problem.GetProperty("member").GetString());
        Assert.Equal(detail, problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("?count=abc", "count", "The parameter count must be a whole number from -2147483648 to 2147483647, not 'abc'.")]
    [InlineData("?count=", "count", "The parameter count must be a whole number from -2147483648 to 2147483647, not ''.")]
    [InlineData("?count=1&count=2", "count", "The parameter count must be a whole number from -2147483648 to 2147483647, not '1,2'.")]
    [InlineData("?count=1&painted=blue", "painted", "The parameter painted must be true or false, not 'blue'.")]
    public async Task A_parameter_that_can_be_left_out_is_not_taken_for_left_out_when_it_cannot_be_read(string query, string member, string detail)
    {
        var problem = await ToyInstance.ProblemAsync(await _toy.GetAsync("/v1/toys/optional" + query), "invalid-request", 400);
        Assert.Equal(member, problem.GetProperty("member").GetString());
        Assert.Equal(detail, problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("", " ")]
    [InlineData("?count=5", "5 ")]
    [InlineData("?painted=true", " True")]
    public async Task A_parameter_that_can_be_left_out_is_read_when_it_is_there(string query, string answer) =>
        Assert.Equal(answer, await (await _toy.GetAsync("/v1/toys/optional" + query)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=bogus")]
    public async Task A_body_of_a_kind_that_nobody_reads_is_415(string type)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes("{}")) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };
        await ToyInstance.ProblemAsync(await _toy.SendAsync(HttpMethod.Post, "/v1/toys", content), "unsupported-media-type", 415);
    }

    [Theory]
    [InlineData("application/json; charset=\"UTF-8\"")]
    [InlineData("application/json;charset=Utf-8")]
    public async Task UTF8_may_be_said_in_any_form_that_the_header_allows(string type)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes("{")) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };
        await ToyInstance.ProblemAsync(await _toy.SendAsync(HttpMethod.Post, "/v1/toys", content), "invalid-request", 400);
    }

    [Fact]
    public async Task A_compressed_body_is_415()
    {
        var content = new StringContent("{}", Encoding.UTF8, "application/json") { Headers = { ContentEncoding = { "gzip" } } };
        await ToyInstance.ProblemAsync(await _toy.SendAsync(HttpMethod.Post, "/v1/toys", content), "unsupported-media-type", 415);
    }

    [Fact]
    public async Task A_body_over_the_endpoints_own_limit_is_413_and_says_the_limit()
    {
        var fits = await _toy.SendAsync(HttpMethod.Post, "/v1/toys/upload", new ByteArrayContent(new byte[8 << 10]));
        Assert.Equal(204, (int)fits.StatusCode);

        var response = await _toy.SendAsync(HttpMethod.Post, "/v1/toys/upload", new ByteArrayContent(new byte[(8 << 10) + 1]));
        var problem = await ToyInstance.ProblemAsync(response, "body-too-large", 413);
        Assert.Contains("8192", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_of_ours_is_500_with_an_id_and_without_its_reason()
    {
        var problem = await ToyInstance.ProblemAsync(await _toy.GetAsync("/v1/toys/fail"), "internal-error", 500);
        Assert.DoesNotContain("secret", problem.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DatabaseFailure.Unavailable, "unavailable", 503, true)]
    [InlineData(DatabaseFailure.Contention, "unavailable", 503, true)]
    [InlineData(DatabaseFailure.DiskFull, "storage-full", 507, false)]
    [InlineData(DatabaseFailure.Other, "internal-error", 500, false)]
    public async Task A_database_that_does_not_serve_says_whether_to_ask_again(DatabaseFailure failure, string slug, int status, bool again)
    {
        _toy.Toys.Failure = ToyModule.Database(failure);
        var response = await _toy.GetAsync("/v1/toys/fail");
        var problem = await ToyInstance.ProblemAsync(response, slug, status);
        Assert.DoesNotContain("secret", problem.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(again, response.Headers.RetryAfter is not null);
    }

    [Fact]
    public async Task A_store_that_too_many_want_at_once_is_503_and_says_when_to_ask_again()
    {
        _toy.Toys.Failure = new Groundwork.Platform.Caching.CacheOverloadException();
        var response = await _toy.GetAsync("/v1/toys/fail");
        await ToyInstance.ProblemAsync(response, "unavailable", 503);
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task An_answer_that_fails_half_way_is_cut_rather_than_ended()
    {
        await Assert.ThrowsAsync<HttpRequestException>(() => _toy.GetAsync("/v1/toys/half"));
        Assert.Equal(200, (int)(await _toy.GetAsync("/v1/toys/constant")).StatusCode);
    }

    [Fact]
    public async Task Every_kind_of_problem_has_its_page()
    {
        var list = await _toy.Client.GetStringAsync(new Uri("/docs/problems", UriKind.Relative), Cancellation);
        foreach (var kind in Groundwork.Platform.Http.Problem.All.Append(ToyModule.OutOfToys))
        {
            Assert.Contains($"href=\"{kind.Type}\"", list, StringComparison.Ordinal);
            var page = await _toy.Client.GetStringAsync(new Uri(kind.Type, UriKind.Relative), Cancellation);
            Assert.Contains(WebUtility.HtmlEncode(kind.Title), page, StringComparison.Ordinal);
            Assert.NotEmpty(kind.Explanation);
        }

        await ToyInstance.ProblemAsync(await _toy.GetAsync("/docs/problems/none-such"), "not-found", 404);
        await ToyInstance.ProblemAsync(await _toy.GetAsync("/v1/toys/none"), "out-of-toys", 409);
    }
}
