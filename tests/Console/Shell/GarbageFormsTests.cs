using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Groundwork.Testing;
using Groundwork.Testing.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Console.Tests.Shell;

/// <summary>Whatever is sent to a form's address is answered by a page that says what is wrong: never by an error of the server.</summary>
public sealed partial class GarbageFormsTests
{
    private const string Form = "application/x-www-form-urlencoded";

    // Every field that a form of the console has.
    private static readonly string[] Fields =
    [
        "name", "scope", "days", "grace", "key", "key64", "database", "etag", "long_url", "custom_alias", "ttl", "expires_at", "redirect", "forward_query",
        "owner", "tags", "title", "dedupe", "request", "list", "on", "undo", "was", "kind", "smoke", "rounds", "seed", "return",
        "partitions", "retention", "value", "headers", "partition", "total", "topic", "to", "place", "of", "before", "set.retention.ms", "set.",
    ];

    private static readonly string[] Values =
    [
        "", "x", "-1", "0", "1e400", "NaN", "99999999999999999999", "true", "[]", "{\"a\":", "%FF%FE", "%C3", "%00", "%0D%0Aset-cookie:a=b", "%F0%9F%92%A9", "%E2%80%AE",
        "../../etc/passwd", "%3Cscript%3E", "https://example.org/", "javascript:alert(1)", "http://[::1", "2026-13-45T99:99", "*", "%ZZ", "+",
    ];

    /// <summary>The addresses of all forms, as the areas map them: none can be forgotten here.</summary>
    private static readonly string[] Addresses = [.. Mapped(), "/_/session", "/_/session/end"];

    [Fact]
    public async Task Garbage_in_any_form_is_answered_by_a_page_that_says_what_is_wrong()
    {
        using var folder = new TempFolder();
        await using var program = await GroundworkProcess.StartAsync(folder["data"]);
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, Expect100ContinueTimeout = TimeSpan.FromMinutes(1) }) { BaseAddress = program.Address };
        http.DefaultRequestHeaders.Add("accept", "text/html");
        var token = TokenField().Match(await http.GetStringAsync("/_/keys", TestContext.Current.CancellationToken)).Groups[1].Value;
        Assert.NotEmpty(token);
        var troubles = new List<string>();
        var random = new Random(1);

        foreach (var address in Addresses)
        {
            foreach (var (what, content) in Bodies(token, random))
                await SendAsync(address, what, content, origin: null);
            await SendAsync(address, "a page of another site", Text($"{Token(token)}&name=x", Form), "https://evil.example");
        }

        Assert.Empty(troubles);
        Assert.True(Addresses.Length > 12, string.Join(' ', Addresses));
        Assert.Contains("Nothing was logged", await http.GetStringAsync("/_/logs?level=error", TestContext.Current.CancellationToken), StringComparison.Ordinal);

        async Task SendAsync(string address, string what, HttpContent? content, string? origin)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
            request.Headers.ExpectContinue = true; // what is too large is refused before it is sent
            if (origin is not null)
                request.Headers.Add("origin", origin);
            using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            var leadsOn = answer.StatusCode == HttpStatusCode.SeeOther && answer.Headers.Location?.OriginalString.StartsWith("/_/", StringComparison.Ordinal) == true;
            var says = (int)answer.StatusCode is >= 200 and < 500 && answer.Content.Headers.ContentType?.MediaType == "text/html" && page.Contains("<h1>", StringComparison.Ordinal);
            if (!leadsOn && !says)
                troubles.Add($"{address}, {what}: {(int)answer.StatusCode} {page[..Math.Min(page.Length, 200)]}");
            if (origin is not null && answer.StatusCode != HttpStatusCode.Forbidden)
                troubles.Add($"{address}: {what} is let in");
            if (what == "no token" && answer.StatusCode != HttpStatusCode.Forbidden && !address.StartsWith("/_/session", StringComparison.Ordinal))
                troubles.Add($"{address}: without a token it is let in");
        }
    }

    private static IEnumerable<(string What, HttpContent? Content)> Bodies(string token, Random random)
    {
        yield return ("no token, no body", null);
        yield return ("no token", Text("name=x", Form));
        yield return ("no token in JSON", Text("{\"name\":\"x\"}", "application/json"));
        yield return ("a forged token", Text("__RequestVerificationToken=forged", Form));
        yield return ("two tokens", Text($"{Token(token)}&{Token(token)}", Form));
        yield return ("no fields", Text(Token(token), Form));
        yield return ("an unknown encoding", Text(Token(token), Form + "; charset=klingon"));
        yield return ("no boundary", Text(Token(token), "multipart/form-data"));
        yield return ("cut off", Text("--b\r\nContent-Disposition: form-data; name=\"__RequestVerificationToken\"\r\n\r\n" + token, "multipart/form-data; boundary=b"));
        yield return ("too many fields", Text(Token(token) + string.Concat(Enumerable.Range(0, 3000).Select(i => $"&f{i}=")), Form));
        yield return ("a long name", Text($"{Token(token)}&{new string('n', 9000)}=1", Form));
        yield return ("a long value", Text($"{Token(token)}&{string.Join('&', Fields.Select(f => $"{f}={new string('x', 100_000)}"))}", Form));
        yield return ("bytes", new ByteArrayContent([.. Encoding.ASCII.GetBytes(Token(token)), 0x26, 0xFF, 0xFE, 0x3D, 0x00, 0x80]) { Headers = { ContentType = MediaTypeHeaderValue.Parse(Form) } });
        var files = new MultipartFormDataContent { { new StringContent(token), "__RequestVerificationToken" } };
        foreach (var field in Fields)
            files.Add(new ByteArrayContent([0xFF, 0xD8, 0x00]), field, "a.jpg");
        yield return ("files in place of fields", files);
        foreach (var value in Values)
            yield return ($"{value} everywhere", Text($"{Token(token)}&{string.Join('&', Fields.Select(f => $"{f}={value}"))}", Form));
        for (var i = 0; i < 10; i++)
            yield return ($"the {i}th mixture", Text($"{Token(token)}&{string.Join('&', Enumerable.Range(0, 30).Select(_ => $"{Any(Fields)}={Any(Values)}"))}", Form));

        string Any(string[] of) => of[random.Next(of.Length)];
    }

    private static string Token(string token) => $"__RequestVerificationToken={Uri.EscapeDataString(token)}";

    private static ByteArrayContent Text(string text, string type)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        content.Headers.TryAddWithoutValidation("content-type", type);
        return content;
    }

    private static IEnumerable<string> Mapped()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        var routes = builder.Build();
        foreach (var area in ConsoleAreas.Create())
            area.Map(routes);
        return
        [
            .. ((IEndpointRouteBuilder)routes).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
                .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("POST") == true)
                .Select(e => Parameter().Replace(e.RoutePattern.RawText!, m => m.Value == "{space}" ? "clients" : "1")),
        ];
    }

    [GeneratedRegex("""name="__RequestVerificationToken" value="([^"]+)""")]
    private static partial Regex TokenField();

    [GeneratedRegex("""\{[^}]+\}""")]
    private static partial Regex Parameter();
}
