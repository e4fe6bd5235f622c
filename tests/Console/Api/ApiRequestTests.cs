using System.Diagnostics;
using System.Text.Json.Nodes;
using Groundwork.Console.Api;

namespace Groundwork.Console.Tests.Api;

public sealed class ApiRequestTests
{
    private static readonly Uri Root = new("http://127.0.0.1:8080/");

    [Fact]
    public void A_read_is_a_plain_curl() =>
        Assert.Equal("curl -s 'http://127.0.0.1:8080/v1/urls?limit=10&tag=blog'", ApiRequest.Get("/v1/urls?limit=10&tag=blog").Curl(Root));

    [Fact]
    public void A_write_has_its_method_its_type_and_its_body() => Assert.Equal(
        """curl -s -X POST http://127.0.0.1:8080/v1/urls -H 'content-type: application/json' --data-raw '{"long_url":"https://example.org/"}'""",
        ApiRequest.Post("/v1/urls", new JsonObject { ["long_url"] = "https://example.org/" }).Curl(Root));

    [Theory]
    [InlineData("it's")]
    [InlineData("$HOME `id` \"quoted\" \\ back")]
    [InlineData("two\nlines")]
    [InlineData("")]
    [InlineData("é ü 漢")]
    public async Task A_shell_takes_the_body_as_it_was_sent(string text)
    {
        // What curl would get as its last argument, by a real shell.
        var line = new ApiRequest("POST", "/v1/urls") { Body = text, BodyType = "text/plain" }.Curl(Root);
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, StandardOutputEncoding = System.Text.Encoding.UTF8 };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"curl() {{ for last in \"$@\"; do :; done; printf %s \"$last\"; }}; {line}");
        using var shell = Process.Start(start)!;

        Assert.Equal(text, await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void What_is_shown_is_what_is_sent()
    {
        var request = ApiRequest.Patch("/v1/urls/spring", new JsonObject { ["redirect"] = 307 }) with { Headers = [new("if-match", "\"3\"")] };

        var sent = request.ToInProcess(Root);
        var shown = request.Curl(Root);

        Assert.Equal("PATCH", sent.Method);
        Assert.Contains($"-X {sent.Method} {sent.Address}", shown, StringComparison.Ordinal);
        Assert.All(sent.Headers, h => Assert.Contains($"'{h.Key}: {h.Value}'", shown, StringComparison.Ordinal));
        Assert.Contains(System.Text.Encoding.UTF8.GetString(sent.Body.Span), shown, StringComparison.Ordinal);
    }
}
