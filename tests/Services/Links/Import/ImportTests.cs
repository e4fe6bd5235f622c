using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Groundwork.Links.Import;
using Groundwork.Testing.Servers;

namespace Groundwork.Links.Tests.Import;

public sealed class SqliteImportTests() : ImportContract(null)
{
    [Fact]
    public async Task A_client_that_sends_everything_before_it_reads_anything_is_served()
    {
        // More than the sockets between them hold, in both directions.
        const int Rows = 60_000;
        var row = Encoding.ASCII.GetBytes($"javascript:{new string('x', 240)}\n");
        using var client = await ConnectAsync("text/csv", 9 + ((long)row.Length * Rows));
        await client.SendAsync("long_url\n"u8.ToArray(), Cancellation);
        for (var i = 0; i < Rows; i++)
            await client.SendAsync(row, Cancellation);

        var answer = await ReadAllAsync(client);
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.EndsWith($$$"""{"summary":{"rows":{{{Rows}}},"created":0,"existing":0,"failed":{{{Rows}}}}}""", answer.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_that_breaks_off_keeps_what_it_made_and_is_sent_again()
    {
        var rows = Enumerable.Range(0, 500).Select(i => $"https://example.org/{i:000}\n").ToList();
        var file = "long_url\n" + string.Concat(rows);
        using (var client = await ConnectAsync("text/csv", file.Length))
        {
            await client.SendAsync(Encoding.ASCII.GetBytes(file[..(file.Length / 2)]), Cancellation);
            while (await CountAsync() == 0)
                Cancellation.ThrowIfCancellationRequested();
            client.Shutdown(SocketShutdown.Send);
            Assert.DoesNotContain("\"created\"", await ReadAllAsync(client), StringComparison.Ordinal);
        }

        var again = await ImportAsync("text/csv", file);
        Assert.InRange(again.Count(r => StatusOf(r) == "existing"), 1, 250);
        Assert.Equal(500, again.Count(r => StatusOf(r) is "existing" or "created"));
        Assert.Equal(500, again.Where(r => r.TryGetProperty("code", out _)).Select(r => r.GetProperty("code").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task A_stop_ends_an_import_and_says_that_it_can_be_sent_again()
    {
        using var client = await ConnectAsync("text/csv", 1000);
        await client.SendAsync("long_url\nhttps://example.org/1\n"u8.ToArray(), Cancellation);
        while (await CountAsync() == 0)
            Cancellation.ThrowIfCancellationRequested();

        await Links.StopAsync();

        var answer = await ReadAllAsync(client);
        Assert.StartsWith("HTTP/1.1 503 ", answer, StringComparison.Ordinal);
        Assert.Contains("The links made so far stay", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_more_than_a_few_imports_run_at_once()
    {
        var clients = new List<Socket>();
        try
        {
            for (var i = 0; i < 4; i++)
                clients.Add(await ConnectAsync("application/x-ndjson", 1000));

            // Each of them takes its place as soon as its headers are read.
            var imports = Links.Service<ImportEndpoint>();
            while (imports.Running < 4)
            {
                Cancellation.ThrowIfCancellationRequested();
                await Task.Yield();
            }

            using var response = await PostAsync("application/x-ndjson", "");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(10), response.Headers.RetryAfter!.Delta);
        }
        finally
        {
            foreach (var client in clients)
                client.Dispose();
        }
    }

    [Fact]
    public async Task What_a_crash_left_of_results_is_gone_after_the_next_start()
    {
        await ImportAsync("text/csv", "long_url\nhttps://example.org/1\n");
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(Links.Folder, "imports")));

        await Links.StopAsync();
        await File.WriteAllTextAsync(Path.Combine(Links.Folder, "imports", "left"), "half a result", Cancellation);
        await Links.RestartAsync();

        Assert.False(Directory.Exists(Path.Combine(Links.Folder, "imports")));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("\n\n", "")]
    [InlineData("https://example.org/1\n", "")]
    [InlineData("long_url,colour\n", "")]
    [InlineData("owner,title\nann,One\n", "long_url")]
    [InlineData("long_url,owner,owner\n", "owner")]
    [InlineData("long\"url\n", "")]
    public async Task Csv_without_a_header_that_is_known_is_refused_whole(string file, string member)
    {
        using var response = await PostAsync("text/csv", file);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await LinksClient.ReadAsync(response);
        Assert.Contains(file.Trim().Length == 0 ? "first line" : "header", problem.GetProperty("detail").GetString() + " header", StringComparison.OrdinalIgnoreCase);
        Assert.Equal(member.Length > 0, problem.TryGetProperty("member", out var named));
        if (member.Length > 0)
            Assert.Equal(member, named.GetString());
    }

    [Theory]
    [InlineData("application/json", null)]
    [InlineData("text/plain", null)]
    [InlineData("text/csv; charset=iso-8859-1", null)]
    [InlineData("text/csv", "gzip")]
    public async Task Other_kinds_of_bodies_are_refused_and_the_right_ones_named(string type, string? encoding)
    {
        using var response = await PostAsync(type, "long_url\n", encoding);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Contains("text/csv", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    // Past any client that reads while it sends.
    private async Task<Socket> ConnectAsync(string type, long length)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(Links.EndPoint, Cancellation);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/urls:import HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: {type}\r\nContent-Length: {length}\r\n\r\n"), Cancellation);
        return socket;
    }

    private static async Task<string> ReadAllAsync(Socket socket)
    {
        using var read = new MemoryStream();
        var buffer = new byte[64 << 10];
        try
        {
            while (await socket.ReceiveAsync(buffer, Cancellation) is var length and > 0)
                read.Write(buffer.AsSpan(0, length));
        }
        catch (SocketException)
        {
            // The server cut it.
        }

        return Encoding.UTF8.GetString(read.ToArray());
    }

    private async Task<int> CountAsync() => (await LinksClient.ReadAsync(await Links.ListAsync()))
        .GetProperty("items").GetArrayLength();
}

public sealed class PostgresImportTests(PostgresServer postgres) : ImportContract(postgres);

/// <summary>What an import promises on every engine.</summary>
public abstract class ImportContract(PostgresServer? postgres) : LinksTests(postgres)
{
    [Fact]
    public async Task Every_row_becomes_a_link_and_the_results_come_in_the_rows_order()
    {
        const int Rows = LinkImport.Window + 300;
        var results = await ImportAsync("text/csv", "long_url\n" + string.Concat(Enumerable.Range(0, Rows).Select(i => $"https://example.org/{i}\n")));

        AssertSummary(results, Rows, created: Rows);
        for (var i = 0; i < Rows; i++)
        {
            Assert.Equal(i + 1, results[i].GetProperty("row").GetInt32());
            Assert.Equal("created", StatusOf(results[i]));
        }

        for (var i = 0; i < Rows; i += 100)
        {
            var code = LinksClient.CodeOf(results[i]);
            Assert.EndsWith($"/{code}", results[i].GetProperty("short_url").GetString(), StringComparison.Ordinal);
            Assert.Equal($"https://example.org/{i}", await Links.LocationAsync(code));
        }
    }

    [Fact]
    public async Task A_file_that_is_sent_again_makes_nothing_and_finds_everything()
    {
        var file = "long_url,custom_alias,owner,tags\n" + string.Concat(Enumerable.Range(0, 60).Select(i => (i % 3) switch
        {
            0 => $"https://example.org/{i},,,\n",
            1 => $"https://example.org/{i},alias-{i},ann,\n",
            _ => $"https://example.org/{i},,bob,red;blue\n",
        }));

        var first = await ImportAsync("text/csv", file);
        var second = await ImportAsync("text/csv", file);

        AssertSummary(first, 60, created: 60);
        AssertSummary(second, 60, existing: 60);
        Assert.Equal(first.SkipLast(1).Select(LinksClient.CodeOf), second.SkipLast(1).Select(LinksClient.CodeOf));
    }

    [Fact]
    public async Task The_same_address_twice_in_a_file_is_one_link_unless_its_owners_differ()
    {
        var results = await ImportAsync("text/csv", "owner,long_url\n,https://example.org/\nann,https://example.org/\n,https://example.org/\nann,https://example.org/\n");

        // Which of two that are under way together comes first is the database's to say.
        AssertSummary(results, 4, created: 2, existing: 2);
        Assert.Equal(LinksClient.CodeOf(results[0]), LinksClient.CodeOf(results[2]));
        Assert.Equal(LinksClient.CodeOf(results[1]), LinksClient.CodeOf(results[3]));
        Assert.NotEqual(LinksClient.CodeOf(results[0]), LinksClient.CodeOf(results[1]));
    }

    [Fact]
    public async Task All_columns_of_csv_reach_the_link()
    {
        var results = await ImportAsync(
            "text/csv",
            "\uFEFFtitle,tags,owner,forward_query,redirect,expires_at,custom_alias,long_url\r\n"
            + "\"A \"\"quoted\"\", title\nand more\",x,ann,,,,,https://example.org/0\r\n"
            + "\"A \"\"quoted\"\", title\",\"red, blue;green\",ann,true,307,2027-01-01T02:00:00+02:00,My-Alias,https://example.org/1\r\n");

        Assert.Equal("title", results[0].GetProperty("problem").GetProperty("member").GetString());
        var link = await Links.LinkAsync("My-Alias");
        Assert.Equal("https://example.org/1", link.GetProperty("long_url").GetString());
        Assert.Equal("A \"quoted\", title", link.GetProperty("title").GetString());
        Assert.Equal(["blue", "green", "red"], link.GetProperty("tags").EnumerateArray().Select(t => t.GetString()));
        Assert.Equal("ann", link.GetProperty("owner").GetString());
        Assert.True(link.GetProperty("forward_query").GetBoolean());
        Assert.Equal(307, link.GetProperty("redirect").GetInt32());
        Assert.Equal("2027-01-01T00:00:00Z", link.GetProperty("expires_at").GetString());
    }

    [Fact]
    public async Task Lines_of_json_are_the_bodies_of_creates()
    {
        var results = await ImportAsync("application/x-ndjson", """
            {"long_url":"https://example.org/1","custom_alias":"one","tags":["red"],"title":"One","owner":"ann","redirect":301,"ttl":60}

            {"long_url":"https://example.org/2","dedupe":true}
            {"long_url":"https://example.org/3","dedupe":false}
            {"long_url":"https://example.org/4","colour":"red"}
            {"long_url":4}
            {"long_url":"https://example.org/5"
            null
            {"long_url":"https://example.org/6"}
            """);

        Assert.Equal(["created", "created", "failed", "failed", "failed", "failed", "failed", "created"], results.SkipLast(1).Select(StatusOf));
        Assert.Equal([4, 5, 6, 7, 8], results.Where(r => StatusOf(r) == "failed").Select(r => r.GetProperty("line").GetInt32()));
        Assert.Equal(["dedupe", "colour", "long_url"], results[2..5].Select(r => r.GetProperty("problem").GetProperty("member").GetString()));
        Assert.All(results[5..7], r => Assert.StartsWith("The row ", r.GetProperty("problem").GetProperty("detail").GetString(), StringComparison.Ordinal));
        var link = await Links.LinkAsync("one");
        Assert.Equal("2026-01-02T03:05:05Z", link.GetProperty("expires_at").GetString());
        Assert.Equal(301, link.GetProperty("redirect").GetInt32());
    }

    [Fact]
    public async Task Rows_that_fail_say_why_and_stop_no_others()
    {
        await Links.MakeAsync(new { long_url = "https://example.org/t", custom_alias = "taken" });
        (string Row, string? Member, int Status)[] rows =
        [
            ("https://example.org/0,,,,", null, 0),
            ("javascript:alert(1),,,,", "long_url", 400),
            (",,,,", "long_url", 400),
            ("https://example.org/1,taken,,,", "custom_alias", 409),
            ("https://example.org/t,taken,,,", null, 0),
            ("https://example.org/1,v1,,,", "custom_alias", 400),
            ("https://example.org/1,,soon,,", "ttl", 400),
            ("https://example.org/1,,-1,,", "ttl", 400),
            ("https://example.org/1,,,308.0,", "redirect", 400),
            ("https://example.org/1,,,99999999999,", "redirect", 400),
            ("https://example.org/1,,,303,", "redirect", 400),
            ("https://example.org/1,,,,yes", "forward_query", 400),
            ("https://example.org/1,,", null, 400),
            ("https://example.org/1,,,,,", null, 400),
            ("https://example.org/\"1\",,,,", null, 400),
            ("\"https://example.org/1\"x,,,,", null, 400),
            ($"https://example.org/{new string('x', RecordReader.MaxBytes)},,,,", null, 400),
            ("https://example.org/\udcff,,,,", null, 400),
            ("https://example.org/2,,,,", null, 0),
        ];
        // Half a surrogate stands for a byte that is not UTF-8.
        var file = Encoding.Latin1.GetBytes("long_url,custom_alias,ttl,redirect,forward_query\n" + string.Concat(rows.Select(r => r.Row.Replace('\udcff', '\u00ff') + "\n")));

        var results = await ImportAsync("text/csv", file);

        AssertSummary(results, rows.Length, created: 2, existing: 1, failed: rows.Length - 3);
        for (var i = 0; i < rows.Length; i++)
        {
            Assert.Equal(rows[i].Status > 0 ? "failed" : i == 4 ? "existing" : "created", StatusOf(results[i]));
            if (rows[i].Status == 0)
                continue;
            Assert.Equal(i + 2, results[i].GetProperty("line").GetInt32());
            var problem = results[i].GetProperty("problem");
            Assert.Equal(rows[i].Status, problem.GetProperty("status").GetInt32());
            Assert.StartsWith("/docs/problems/", problem.GetProperty("type").GetString(), StringComparison.Ordinal);
            Assert.NotEmpty(problem.GetProperty("title").GetString()!);
            Assert.Equal(rows[i].Member, problem.TryGetProperty("member", out var member) ? member.GetString() : null);
        }
    }

    [Fact]
    public async Task A_file_without_rows_has_a_summary_all_the_same()
    {
        AssertSummary(await ImportAsync("text/csv; charset=\"UTF-8\"", "long_url"), 0);
        AssertSummary(await ImportAsync("application/x-ndjson", ""), 0);
        AssertSummary(await ImportAsync("application/x-ndjson", "\n  \n\r\n"), 0);
    }

    protected static string StatusOf(JsonElement result) => result.TryGetProperty("status", out var status) ? status.GetString()! : "";

    protected Task<JsonElement[]> ImportAsync(string type, string file) => ImportAsync(type, Encoding.UTF8.GetBytes(file));

    protected async Task<JsonElement[]> ImportAsync(string type, byte[] file)
    {
        using var response = await PostAsync(type, file);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType!.MediaType);
        var lines = (await response.Content.ReadAsStringAsync(Cancellation)).Split('\n');
        Assert.Equal("", lines[^1]);
        return [.. lines.SkipLast(1).Select(line => JsonElement.Parse(line))];
    }

    protected Task<HttpResponseMessage> PostAsync(string type, string file, string? encoding = null) =>
        PostAsync(type, Encoding.UTF8.GetBytes(file), encoding);

    private async Task<HttpResponseMessage> PostAsync(string type, byte[] file, string? encoding = null)
    {
        using var content = new ByteArrayContent(file);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);
        return await Links.Http.PostAsync(new Uri("/v1/urls:import", UriKind.Relative), content, Cancellation);
    }

    private static void AssertSummary(JsonElement[] results, int rows, int created = 0, int existing = 0, int failed = 0)
    {
        Assert.Equal(rows + 1, results.Length);
        Assert.Equal(
            string.Create(CultureInfo.InvariantCulture, $$$"""{"summary":{"rows":{{{rows}}},"created":{{{created}}},"existing":{{{existing}}},"failed":{{{failed}}}}}"""),
            results[^1].GetRawText());
    }
}
