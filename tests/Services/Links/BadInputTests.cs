using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Groundwork.Links.Tests;

/// <summary>What can be wrong with a request to Links: each field and header, its status, and what the answer says of it.</summary>
public sealed class BadInputTests(BadInputTests.Home home) : IClassFixture<BadInputTests.Home>
{
    private const string Json = "application/json";

    private static readonly string LongText = new('a', 9000);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The body of a create, and of an edit of a link that is there: status, what the detail says.</summary>
    public static TheoryData<string, int, string> Bodies => new()
    {
        { "", 400, "body" },
        { "null", 400, "body" },
        { "[]", 400, "body" },
        { "\"https://example.org/\"", 400, "body" },
        { "{", 400, "JSON" },
        { """{"long_url":"https://example.org/"} x""", 400, "JSON" },
        { """{"long_url":"https://example.org/","long_url":"https://example.org/"}""", 400, "long_url" },
        { """{"longurl":"https://example.org/"}""", 400, "longurl" },
        { """{"long_url":7}""", 400, "long_url" },
        { """{"long_url":["https://example.org/"]}""", 400, "long_url" },
        { """{"long_url":""}""", 400, "long_url is required" },
        { """{"long_url":"   "}""", 400, "long_url" },
        { """{"long_url":"example.org"}""", 400, "long_url must be an absolute" },
        { """{"long_url":"//example.org/"}""", 400, "long_url must be an absolute" },
        { """{"long_url":"ftp://example.org/"}""", 400, "http" },
        { """{"long_url":"javascript:alert(1)"}""", 400, "http" },
        { """{"long_url":"data:text/html,x"}""", 400, "http" },
        { """{"long_url":"file:///etc/passwd"}""", 400, "http" },
        { """{"long_url":"https://"}""", 400, "long_url" },
        { """{"long_url":"https://user:secret@example.org/"}""", 400, "long_url" },
        { """{"long_url":"https://user@example.org/"}""", 400, "long_url" },
        { """{"long_url":"https://exa mple.org/"}""", 400, "long_url" },
        { """{"long_url":"https://example.org/a\tb"}""", 400, "long_url" },
        { """{"long_url":"https://example.org/a\r\nSet-Cookie: x"}""", 400, "long_url" },
        { """{"long_url":"https://example.org/\u0000"}""", 400, "long_url" },
        { """{"long_url":"https://example.org:99999/"}""", 400, "long_url" },
        { """{"long_url":"https://[::1/"}""", 400, "long_url" },
        { """{"long_url":"https://1.2.3.4.5.6/"}""", 400, "long_url" },
        { """{"long_url":"https://exam%00ple.org/"}""", 400, "long_url" },
        { """{"long_url":"https://\ud800.example/"}""", 400, "long_url" },
        { $$"""{"long_url":"https://example.org/{{LongText}}"}""", 400, "8192" },
        { """{"long_url":"https://example.org/","custom_alias":""}""", 400, "custom_alias must be 3 to 64" },
        { """{"long_url":"https://example.org/","custom_alias":"ab"}""", 400, "custom_alias must be 3 to 64" },
        { """{"long_url":"https://example.org/","custom_alias":"a b c"}""", 400, "custom_alias must be 3 to 64" },
        { """{"long_url":"https://example.org/","custom_alias":"über"}""", 400, "custom_alias must be 3 to 64" },
        { """{"long_url":"https://example.org/","custom_alias":"../../etc"}""", 400, "custom_alias must be 3 to 64" },
        { $$"""{"long_url":"https://example.org/","custom_alias":"{{LongText[..65]}}"}""", 400, "custom_alias must be 3 to 64" },
        { """{"long_url":"https://example.org/","custom_alias":"health"}""", 400, "address of the server's own" },
        { """{"long_url":"https://example.org/","custom_alias":"DOCS"}""", 400, "address of the server's own" },
        { """{"long_url":"https://example.org/","custom_alias":"taken"}""", 409, "taken" },
        { """{"long_url":"https://example.org/","ttl":0}""", 400, "ttl must be" },
        { """{"long_url":"https://example.org/","ttl":-5}""", 400, "ttl must be" },
        { """{"long_url":"https://example.org/","ttl":1.5}""", 400, "ttl" },
        { """{"long_url":"https://example.org/","ttl":"60"}""", 400, "ttl" },
        { """{"long_url":"https://example.org/","ttl":99999999999999999999}""", 400, "ttl" },
        { """{"long_url":"https://example.org/","ttl":9223372036854775807}""", 400, "ttl must be" },
        { """{"long_url":"https://example.org/","expires_at":"yesterday"}""", 400, "expires_at" },
        { """{"long_url":"https://example.org/","expires_at":"2020-01-01T00:00:00Z"}""", 400, "expires_at must lie in the future" },
        { """{"long_url":"https://example.org/","expires_at":"2300-01-01T00:00:00Z"}""", 400, "expires_at must lie in the future" },
        { """{"long_url":"https://example.org/","ttl":5,"expires_at":"2030-01-01T00:00:00Z"}""", 400, "send one of them" },
        { """{"long_url":"https://example.org/","redirect":200}""", 400, "redirect must be 301, 302, 307 or 308" },
        { """{"long_url":"https://example.org/","redirect":"301"}""", 400, "redirect" },
        { """{"long_url":"https://example.org/","forward_query":"yes"}""", 400, "forward_query" },
        { """{"long_url":"https://example.org/","owner":""}""", 400, "owner must be 1 to 128" },
        { """{"long_url":"https://example.org/","owner":" me"}""", 400, "owner must be 1 to 128" },
        { $$"""{"long_url":"https://example.org/","owner":"{{LongText[..129]}}"}""", 400, "owner must be 1 to 128" },
        { """{"long_url":"https://example.org/","title":"a\u0007b"}""", 400, "title must be 1 to 512" },
        { $$"""{"long_url":"https://example.org/","title":"{{LongText[..513]}}"}""", 400, "title must be 1 to 512" },
        { """{"long_url":"https://example.org/","tags":"news"}""", 400, "tags" },
        { """{"long_url":"https://example.org/","tags":[null]}""", 400, "tags" },
        { """{"long_url":"https://example.org/","tags":["a,b"]}""", 400, "Each of tags" },
        { """{"long_url":"https://example.org/","tags":[""]}""", 400, "Each of tags" },
        { """{"long_url":"https://example.org/","tags":["1","2","3","4","5","6","7","8","9","10","11","12","13","14","15","16","17"]}""", 400, "tags has 17 tags; 16 are allowed" },
        { """{"long_url":"https://example.org/","dedupe":1}""", 400, "dedupe" },
    };

    /// <summary>Any other request: method, address, a header, a body; status, what the detail says.</summary>
    public static TheoryData<string, string, string, string, int, string> Requests => new()
    {
        { "POST", "/v1/urls", "Content-Type: text/plain", "{}", 415, "application/json" },
        { "POST", "/v1/urls", "Content-Type: application/json; charset=latin1", "{}", 415, "UTF-8" },
        { "POST", "/v1/urls", "Content-Encoding: gzip", "{}", 415, "compressed" },
        { "POST", "/v1/urls", "Idempotency-Key: ", """{"long_url":"https://example.org/"}""", 400, "Idempotency-Key" },
        { "POST", "/v1/urls", $"Idempotency-Key: {new string('k', 300)}", """{"long_url":"https://example.org/"}""", 400, "Idempotency-Key" },
        { "POST", "/v1/urls", "Origin: https://evil.example", """{"long_url":"https://example.org/"}""", 403, "evil.example" },
        { "POST", "/v1/urls", "Host: evil.example", """{"long_url":"https://example.org/"}""", 421, "evil.example" },
        { "POST", "/v1/urls", "X: y", $$"""{"title":"{{new string('x', 1 << 20)}}"}""", 413, "" },
        { "PUT", "/v1/urls", "X: y", "{}", 405, "" },
        { "PUT", "/v1/urls/taken", "X: y", "{}", 405, "" },
        { "POST", "/taken", "X: y", "{}", 405, "" },
        { "GET", "/nobody", "X: y", "", 404, "nobody" },
        { "GET", "/TAKEN", "X: y", "", 404, "TAKEN" },
        { "GET", "/a%2Fb", "X: y", "", 404, "" },
        { "GET", "/%00", "X: y", "", 400, "" },
        { "GET", "/v1/urls/no.such.code", "X: y", "", 404, "no.such.code" },
        { "PATCH", "/v1/urls/nobody", "X: y", "{}", 404, "nobody" },
        { "PATCH", "/v1/urls/taken", "X: y", """{"code":"other"}""", 400, "code" },
        { "PATCH", "/v1/urls/taken", "X: y", """{"long_url":null}""", 400, "long_url" },
        { "PATCH", "/v1/urls/taken", "X: y", """{"redirect":418}""", 400, "redirect must be" },
        { "PATCH", "/v1/urls/taken", "X: y", """{"disabled":"no"}""", 400, "disabled" },
        { "PATCH", "/v1/urls/taken", "X: y", """{"ttl":1,"expires_at":"2030-01-01T00:00:00Z"}""", 400, "send one of them" },
        { "PATCH", "/v1/urls/taken", "If-Match: \"old\"", "{}", 412, "" },
        { "PATCH", "/v1/urls/taken", "If-Match: old", "{}", 400, "If-Match" },
        { "DELETE", "/v1/urls/taken", "If-Match: \"old\"", "", 412, "" },
        { "DELETE", "/v1/urls/nobody", "X: y", "", 404, "nobody" },
        { "GET", "/v1/urls?limit=0", "X: y", "", 400, "limit" },
        { "GET", "/v1/urls?limit=100000", "X: y", "", 400, "limit" },
        { "GET", "/v1/urls?limit=ten", "X: y", "", 400, "limit" },
        { "GET", "/v1/urls?cursor=nonsense", "X: y", "", 400, "cursor" },
        { "GET", "/v1/urls?owner=%20me", "X: y", "", 400, "owner" },
        { "GET", "/v1/urls?tag=a,b", "X: y", "", 400, "tag" },
        { "GET", $"/v1/urls?q={new string('q', 257)}", "X: y", "", 400, "q has 257 characters" },
        { "GET", "/v1/urls/taken/stats?from=yesterday", "X: y", "", 400, "from must be a time" },
        { "GET", "/v1/urls/taken/stats?to=2026-13-01", "X: y", "", 400, "to must be a time" },
        { "GET", "/v1/urls/taken/stats?from=2026-02-01&to=2026-01-01", "X: y", "", 400, "from must lie before to" },
        { "GET", "/v1/urls/taken/stats?from=2000-01-01", "X: y", "", 400, "days apart" },
        { "GET", "/v1/urls/taken/stats?interval=minute", "X: y", "", 400, "interval must be one of hour, day, month" },
        { "GET", "/v1/urls/taken/stats?from=2024-06-01&interval=hour", "X: y", "", 400, "hours" },
        { "GET", "/v1/urls/taken/stats?group_by=colour", "X: y", "", 400, "group_by must be one of" },
        { "GET", "/v1/urls/nobody/stats", "X: y", "", 404, "nobody" },
        { "GET", "/v1/urls/taken/qr.svg?size=1", "X: y", "", 400, "size must be" },
        { "GET", "/v1/urls/taken/qr.svg?margin=99", "X: y", "", 400, "margin must be" },
        { "GET", "/v1/urls/taken/qr.svg?ecc=x", "X: y", "", 400, "ecc must be" },
        { "GET", "/v1/urls/taken/qr.svg?dark=red\"/>", "X: y", "", 400, "dark must be" },
        { "GET", "/v1/urls/taken/qr.svg?dark=fff", "X: y", "", 400, "same colour" },
        { "GET", "/v1/urls/nobody/qr.svg", "X: y", "", 404, "nobody" },
        { "POST", "/v1/urls:import", "Content-Type: application/json", "{}", 415, "text/csv" },
        { "POST", "/v1/urls:import", "Content-Type: text/csv", "", 400, "names the columns" },
        { "POST", "/v1/urls:import", "Content-Type: text/csv", "url\nhttps://example.org/", 400, "long_url" },
        { "GET", "/v1/urls:import", "X: y", "", 405, "" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_create_that_is_wrong_is_refused_with_what_is_wrong(string body, int status, string detail) =>
        await AssertRefusedAsync("POST", "/v1/urls", "X: y", body, status, detail);

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_request_that_is_wrong_is_refused_with_what_is_wrong(string method, string address, string header, string body, int status, string detail) =>
        await AssertRefusedAsync(method, address, header, body, status, detail);

    private async Task AssertRefusedAsync(string method, string address, string header, string body, int status, string detail)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(address, UriKind.Relative));
        var colon = header.IndexOf(':', StringComparison.Ordinal);
        var (name, value) = (header[..colon], header[(colon + 2)..]);
        if (method is not ("GET" or "DELETE"))
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(name == "Content-Type" ? value : Json);
            if (name == "Content-Encoding")
                request.Content.Headers.TryAddWithoutValidation(name, value);
        }

        if (!name.StartsWith("Content-", StringComparison.Ordinal))
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await home.Links.Http.SendAsync(request, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);

        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode}: {text}");
        if (text.Length == 0 && status == 400)
            return; // Refused by the server itself, before there was a request.
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.Contains(detail, problem.GetProperty("detail").GetString(), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>One instance for all of them, with one link: <c>taken</c>. Nothing of this changes it.</summary>
    public sealed class Home : IAsyncLifetime
    {
        internal LinksClient Links { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Links = await LinksClient.StartAsync();
            await Links.MakeAsync(new { long_url = "https://example.org/there", custom_alias = "taken" });
        }

        public ValueTask DisposeAsync() => Links.DisposeAsync();
    }
}
