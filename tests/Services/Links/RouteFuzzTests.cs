using System.Text;
using CsCheck;
using Groundwork.Testing;

namespace Groundwork.Links.Tests;

/// <summary>Whatever is sent to the routes of Links, nothing is a fault of ours and nothing hangs.</summary>
public sealed class RouteFuzzTests : LinksTests
{
    private static readonly Gen<string> Odd = Gen.OneOf(
        Gen.OneOf(
            "", "0", "-1", "1e9", "99999999999999999999", "null", "true", "%00", "%ff", "%C3%28", "%", "%zz", "%0d%0aX:%20y", "..", "*", "'", "\"", "a,b", "a%2Cb", "💥",
            "2026-01-02", "2026-02-30T25:61:00Z", "0001-01-01", "9999-12-31T23:59:59.9999999Z", "hour", "day", "month", "referrer", "bot", "l", "h", "fff", "%23000"),
        Gen.Char['a', 'z'].Array[0, 300].Select(letters => new string(letters)),
        Gen.Char[(char)33, (char)126].Array[0, 12].Select(letters => new string(letters)));

    private static readonly Gen<string> Query = Gen.Select(
        Gen.OneOf("limit", "cursor", "owner", "tag", "q", "from", "to", "interval", "group_by", "size", "margin", "ecc", "dark", "light", "LIMIT", "", "x"), Odd,
        (name, value) => $"{name}={value}").Array[0, 4].Select(parts => parts.Length == 0 ? "" : "?" + string.Join('&', parts));

    private static readonly Gen<string> Route = Gen.Select(
        Gen.OneOf("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"), Gen.OneOf(Gen.OneOf("prey", "0000000", "nobody", "elevenchars"), Odd),
        Gen.OneOf("/v1/urls", "/v1/urls:import", "/v1/urls/{code}", "/v1/urls/{code}/stats", "/v1/urls/{code}/qr.svg", "/{code}", "/{code}/", "/v1/urls/"),
        (method, code, path) => $"{method} {path.Replace("{code}", code, StringComparison.Ordinal)}");

    private static readonly Gen<string> Header = Gen.Select(
        Gen.OneOf(
            "If-Match", "If-None-Match", "Accept", "Accept-Language", "Accept-Encoding", "User-Agent", "Referer", "Sec-Purpose", "Purpose", "X-Forwarded-For", "X-Forwarded-Host",
            "Idempotency-Key", "Content-Type", "Content-Encoding", "Cookie", "Authorization", "Range", "Origin", "If-Modified-Since", "traceparent", "tracestate"),
        Gen.OneOf(
            Gen.OneOf(
                "*", "\"a\"", "W/\"a\", \"b\"", "\"", "text/html", "text/html;q=x, */*;q=9", ";;,,", "application/json", "application/merge-patch+json", "text/csv", "gzip",
                "https://example.net/%", "http://[", "de-AT,en;q=0.1", "prefetch", "Mozilla/5.0 (X11; Linux x86_64) Firefox/1", "Bearer gw_x", "null", "bytes=9-1"),
            Gen.Char[' ', (char)255].Array[0, 300].Select(letters => new string(letters).Replace('\u007f', 'x'))),
        (name, value) => $"{name}: {value}\r\n");

    private static readonly Gen<string> Json = Gen.Select(
        Gen.OneOf("long_url", "custom_alias", "ttl", "expires_at", "redirect", "forward_query", "owner", "tags", "title", "dedupe", "disabled", "code", "x"),
        Gen.OneOf("\"https://example.org/\"", "\"https://exämple.org/ü\"", "\"\"", "\"a\\u0000b\"", "\"\\ud800\"", "null", "true", "301", "-1", "1e400", "[]", "[\"a\",null]", "{}", "[[[", "\"2030-01-01T00:00:00Z\""),
        (name, value) => $"\"{name}\":{value}").Array[0, 4].Select(members => "{" + string.Join(',', members) + "}");

    private static readonly Gen<byte[]> Request = Gen.Select(Route, Query, Header.Array[0, 4], Gen.OneOf(Json, Odd), (route, query, headers, body) => Encoding.Latin1.GetBytes(
        $"{route}{query} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{string.Concat(headers)}Content-Length: {body.Length}\r\n\r\n{body}"));

    [Fact]
    public async Task No_path_query_header_or_body_makes_a_fault_or_a_hang()
    {
        await Links.MakeAsync(new { long_url = "https://example.org/kept", custom_alias = "kept" });
        await Links.MakeAsync(new { long_url = "https://example.org/prey", custom_alias = "prey" });

        await Request.SampleAsync(
            async request => RawHttp.StatusOf(await RawHttp.SendAsync(Links.EndPoint, request, hangsUp: false, Cancellation)) is not >= 500,
            iter: 3000, threads: 4, print: Encoding.Latin1.GetString);

        Assert.Equal("https://example.org/kept", await Links.LocationAsync("kept"));
        await Links.CodeAsync(new { long_url = "https://example.org/new" });
    }
}
