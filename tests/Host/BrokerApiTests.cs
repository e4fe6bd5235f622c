using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Groundwork.Testing;

namespace Groundwork.Host.Tests;

/// <summary>The program's own log by HTTP.</summary>
public sealed class BrokerApiTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private RunningProgram _program = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _program = await RunningProgram.StartAsync(_folder["data"]);

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_topic_is_made_once_listed_in_pages_and_deleted_as_it_was_seen()
    {
        var made = await PostAsync("/v1/topics", """{"name":"orders","partitions":2,"settings":{"retention.ms":"1000"}}""");
        Assert.Equal((HttpStatusCode.Created, "/v1/topics/orders"), (made.StatusCode, made.Headers.Location?.ToString()));
        await ProblemAsync(await PostAsync("/v1/topics", """{"name":"orders"}"""), 409, "topic-exists");
        await ProblemAsync(await PostAsync("/v1/topics", """{"name":"no good"}"""), 400, "invalid-request");
        await ProblemAsync(await PostAsync("/v1/topics", """{"name":"none","partitions":0}"""), 400, "invalid-request");
        await PostAsync("/v1/topics", """{"name":"clicks"}""");

        var page = await ReadAsync("/v1/topics?limit=1");
        Assert.Equal("clicks", page.GetProperty("items")[0].GetProperty("name").GetString());
        var next = await ReadAsync($"/v1/topics?limit=1&cursor={page.GetProperty("next_cursor").GetString()}");
        Assert.Equal("orders", next.GetProperty("items")[0].GetProperty("name").GetString());
        Assert.Equal("orders", (await ReadAsync("/v1/topics?q=RDER")).GetProperty("items")[0].GetProperty("name").GetString());
        Assert.Equal(2, (await ReadAsync("/v1/topics/orders")).GetProperty("partitions").GetArrayLength());

        Assert.Equal(HttpStatusCode.PreconditionFailed, (await SendAsync(HttpMethod.Delete, "/v1/topics/orders", null, ("If-Match", "\"other\""))).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, "/v1/topics/orders", null, ("If-Match", made.Headers.ETag!.ToString()))).StatusCode);
        await ProblemAsync(await GetAsync("/v1/topics/orders"), 404, "not-found");
    }

    [Fact]
    public async Task A_topic_whose_creation_is_sent_again_is_made_once()
    {
        var first = await SendAsync(HttpMethod.Post, "/v1/topics", """{"name":"orders"}""", ("Idempotency-Key", "a"));
        var again = await SendAsync(HttpMethod.Post, "/v1/topics", """{"name":"orders"}""", ("Idempotency-Key", "a"));

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, again.StatusCode));
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
    }

    [Fact]
    public async Task Records_are_appended_and_read_with_their_bytes_whatever_they_are()
    {
        await PostAsync("/v1/topics", """{"name":"orders"}""");
        var appended = await PostAsync("/v1/topics/orders/records", """
            {"records":[
                {"key":"k","value":"{\"a\":1}","headers":[{"name":"lang","value":"en"},{"name":"raw","value_base64":"/w=="}],"time":"2026-01-02T03:04:05Z"},
                {"key_base64":"/w==","value_base64":"AP8="},
                {"key":"gone"},
                {"value":""}]}
            """);
        Assert.Equal(HttpStatusCode.Created, appended.StatusCode);

        var items = (await ReadAsync("/v1/topics/orders/records?from=earliest")).GetProperty("items");
        Assert.Equal("""{"a":1}""", items[0].GetProperty("value").GetString());
        Assert.Equal("2026-01-02T03:04:05Z", items[0].GetProperty("time").GetString());
        Assert.Equal("/w==", items[0].GetProperty("headers")[1].GetProperty("value_base64").GetString());
        Assert.Equal(("/w==", "AP8="), (items[1].GetProperty("key_base64").GetString(), items[1].GetProperty("value_base64").GetString()));
        Assert.False(items[2].TryGetProperty("value", out _));
        Assert.Equal("", items[3].GetProperty("value").GetString());
        Assert.False(items[3].TryGetProperty("key", out _));

        var cut = (await ReadAsync("/v1/topics/orders/records?from=0&limit=1&bytes=3")).GetProperty("items")[0];
        Assert.Equal(("""{"a""", 7), (cut.GetProperty("value").GetString(), cut.GetProperty("value_bytes").GetInt32()));
    }

    [Fact]
    public async Task Records_are_read_in_pages_from_either_end_from_an_offset_and_from_a_time()
    {
        await PostAsync("/v1/topics", """{"name":"orders"}""");
        await AppendAsync("orders", Enumerable.Range(0, 10).Select(i => $"v{i}"));

        var newest = await ReadAsync("/v1/topics/orders/records?limit=3");
        Assert.Equal(["v7", "v8", "v9"], Values(newest));
        Assert.False(newest.TryGetProperty("next_cursor", out _));
        var page = await ReadAsync("/v1/topics/orders/records?from=4&limit=2");
        Assert.Equal(["v4", "v5"], Values(page));
        Assert.Equal(["v6", "v7"], Values(await ReadAsync($"/v1/topics/orders/records?limit=2&cursor={page.GetProperty("next_cursor").GetString()}")));
        Assert.Equal(10, Values(await ReadAsync("/v1/topics/orders/records?from=2000-01-01T00:00:00Z")).Count);
        Assert.Empty(Values(await ReadAsync("/v1/topics/orders/records?from=9999-01-01T00:00:00Z")));

        var deleted = await PostAsync("/v1/topics/orders:delete-records", """{"partition":0,"before":"8"}""");
        Assert.Equal(8, (await deleted.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("start_offset").GetInt64());
        Assert.Equal(["v8", "v9"], Values(await ReadAsync("/v1/topics/orders/records?from=0")));
    }

    [Theory]
    [InlineData("""{"records":[]}""", "records")]
    [InlineData("""{"records":[{"value":"a","value_base64":"YQ=="}]}""", "records[0].value")]
    [InlineData("""{"records":[{"value":"a"},{"key_base64":"%"}]}""", "records[1].key_base64")]
    [InlineData("""{"records":[{"headers":[{"name":"n","value_base64":"%"}]}]}""", "records[0].headers[0].value_base64")]
    [InlineData("""{"records":[{"time":"1950-01-01T00:00:00Z"}]}""", "records[0].time")]
    [InlineData("""{"records":[{"value":"a"},null]}""", "records[1]")]
    [InlineData("""{"records":[{"headers":[null]}]}""", "records[0].headers[0]")]
    public async Task What_is_wrong_with_a_record_is_told_by_its_place(string body, string member)
    {
        await PostAsync("/v1/topics", """{"name":"orders"}""");
        var problem = await ProblemAsync(await PostAsync("/v1/topics/orders/records", body), 400, "invalid-request");
        Assert.Equal(member, problem.GetProperty("member").GetString());
    }

    [Theory]
    [InlineData("/v1/topics", "{}", "name is required.")]
    [InlineData("/v1/topics", """{"name":"other","settings":{"retention.ms":null}}""", "settings.retention.ms must be a text.")]
    [InlineData("/v1/topics/orders/records", "{}", "records is required.")]
    [InlineData("/v1/topics/orders/records", """{"records":[{"headers":[{}]}]}""", "name is required.")]
    public async Task What_a_body_lacks_is_told(string path, string body, string detail)
    {
        await PostAsync("/v1/topics", """{"name":"orders"}""");
        var problem = await ProblemAsync(await PostAsync(path, body), 400, "invalid-request");
        Assert.Equal(detail, problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("/v1/topics/orders/records?from=yesterday", "from")]
    [InlineData("/v1/topics/orders/records?bytes=-1", "bytes")]
    [InlineData("/v1/topics/orders/records?limit=0", "limit")]
    [InlineData("/v1/topics/orders/records?cursor=forged", "cursor")]
    public async Task What_is_wrong_with_a_question_is_told_by_its_parameter(string path, string member)
    {
        await PostAsync("/v1/topics", """{"name":"orders"}""");
        Assert.Equal(member, (await ProblemAsync(await GetAsync(path), 400, "invalid-request")).GetProperty("member").GetString());
    }

    [Fact]
    public async Task An_append_that_is_sent_again_with_its_key_is_there_once()
    {
        await PostAsync("/v1/topics", """{"name":"orders","partitions":3}""");
        const string Body = """{"records":[{"key":"a","value":"1"},{"value":"2"}]}""";

        var first = await SendAsync(HttpMethod.Post, "/v1/topics/orders/records", Body, ("Idempotency-Key", "a"));
        var again = await SendAsync(HttpMethod.Post, "/v1/topics/orders/records", Body, ("Idempotency-Key", "a"));

        Assert.Equal(await first.Content.ReadAsStringAsync(Token), await again.Content.ReadAsStringAsync(Token));
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Equal(2, (await ReadAsync("/v1/topics/orders")).GetProperty("records").GetInt64());
        await ProblemAsync(await SendAsync(HttpMethod.Post, "/v1/topics/orders/records", """{"records":[{"value":"3"}]}""", ("Idempotency-Key", "a")), 422, "idempotency-key-reused");
    }

    [Fact]
    public async Task Partitions_are_added_as_they_were_planned_or_not_at_all()
    {
        await PostAsync("/v1/topics", """{"name":"orders","partitions":2}""");
        var plan = await PostAsync("/v1/topics/orders:plan-partitions", """{"partitions":4}""");
        Assert.Equal(0.5, (await plan.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("moved_share").GetDouble());
        var tag = plan.Headers.ETag!.ToString();

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Post, "/v1/topics/orders:add-partitions", """{"partitions":4}""", ("If-Match", tag))).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await SendAsync(HttpMethod.Post, "/v1/topics/orders:add-partitions", """{"partitions":8}""", ("If-Match", tag))).StatusCode);
        Assert.Equal(4, (await ReadAsync("/v1/topics/orders")).GetProperty("partition_count").GetInt32());
        await ProblemAsync(await PostAsync("/v1/topics/orders:plan-partitions", """{"partitions":4}"""), 400, "invalid-request");
    }

    [Fact]
    public async Task What_is_set_of_a_topic_is_changed_as_it_was_seen_and_shown_with_its_default()
    {
        var made = await PostAsync("/v1/topics", """{"name":"orders","settings":{"segment.ms":"500"}}""");
        var tag = made.Headers.ETag!.ToString();

        var changed = await SendAsync(HttpMethod.Patch, "/v1/topics/orders", """{"settings":{"retention.ms":"86400000","segment.ms":null}}""", ("If-Match", tag));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.NotEqual(tag, changed.Headers.ETag!.ToString());
        Assert.Equal("""{"retention.ms":"86400000"}""", (await changed.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("settings").GetRawText());
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await SendAsync(HttpMethod.Patch, "/v1/topics/orders", """{"settings":{}}""", ("If-Match", tag))).StatusCode);

        var settings = (await ReadAsync("/v1/topics/orders/settings")).GetProperty("items").EnumerateArray().ToDictionary(s => s.GetProperty("name").GetString()!);
        Assert.Equal(("86400000", "604800000", true, "ms"), (
            Text("retention.ms", "value"), Text("retention.ms", "default"), settings["retention.ms"].GetProperty("is_set").GetBoolean(), Text("retention.ms", "unit")));
        Assert.Equal((false, 1), (settings["segment.ms"].GetProperty("is_set").GetBoolean(), settings["segment.ms"].GetProperty("min").GetInt32()));
        Assert.Equal("LogAppendTime", settings["message.timestamp.type"].GetProperty("words")[1].GetString());
        await ProblemAsync(await GetAsync("/v1/topics/nobody/settings"), 404, "not-found");

        string? Text(string setting, string what) => settings[setting].GetProperty(what).GetString();
    }

    [Theory]
    [InlineData("""{"settings":{"retention.ms":"soon"}}""", "retention.ms is a whole number from -1 to")]
    [InlineData("""{"settings":{"retention.ms":"1000","cleanup.policy":"compact"}}""", "Compaction is not offered yet")]
    [InlineData("""{"settings":{"color":"red"}}""", "There is no setting 'color'")]
    public async Task A_change_that_the_broker_does_not_take_is_refused_in_its_words(string body, string words)
    {
        await PostAsync("/v1/topics", """{"name":"orders"}""");

        var problem = await ProblemAsync(await SendAsync(HttpMethod.Patch, "/v1/topics/orders", body), 400, "invalid-request");

        Assert.Equal("settings", problem.GetProperty("member").GetString());
        Assert.Contains(words, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty((await ReadAsync("/v1/topics/orders")).GetProperty("settings").EnumerateObject());
        await ProblemAsync(await SendAsync(HttpMethod.Patch, "/v1/topics/nobody", body), 404, "not-found");
    }

    [Fact]
    public async Task How_many_records_a_shorter_retention_takes_is_told_before_it_holds()
    {
        await PostAsync("/v1/topics", """{"name":"orders","partitions":1,"settings":{"retention.ms":"-1"}}""");
        await PostAsync("/v1/topics/orders/records", """{"records":[{"value":"a","time":"2020-01-01T00:00:00Z"},{"value":"b","time":"2020-01-02T00:00:00Z"}]}""");

        Assert.Equal((2, 2), await PlanAsync("86400000"));
        Assert.Equal((0, 2), await PlanAsync("-1"));
        Assert.Equal(2, (await ReadAsync("/v1/topics/orders")).GetProperty("records").GetInt32());
        await ProblemAsync(await PostAsync("/v1/topics/orders:plan-settings", """{"settings":{"retention.ms":"soon"}}"""), 400, "invalid-request");
        await ProblemAsync(await PostAsync("/v1/topics/nobody:plan-settings", """{"settings":{}}"""), 404, "not-found");

        async Task<(int, int)> PlanAsync(string ms)
        {
            var answer = await PostAsync("/v1/topics/orders:plan-settings", $$$"""{"settings":{"retention.ms":"{{{ms}}}"}}""");
            var plan = await answer.Content.ReadFromJsonAsync<JsonElement>(Token);
            return (plan.GetProperty("records").GetInt32(), plan.GetProperty("total_records").GetInt32());
        }
    }

    [Fact]
    public async Task How_many_records_go_is_told_before_they_are_deleted_by_any_place()
    {
        await PostAsync("/v1/topics", """{"name":"orders","partitions":1}""");
        await AppendAsync("orders", ["a", "b", "c", "d"]);

        var plan = await PlanAsync("""{"partition":0,"before":"3"}""");
        Assert.Equal((3, 0, 4, 3), (Number(plan, "before_offset"), Number(plan, "start_offset"), Number(plan, "end_offset"), Number(plan, "records")));
        Assert.Equal(0, Number(await PlanAsync("""{"partition":0,"before":"2020-01-01T00:00:00Z"}"""), "records"));
        Assert.Equal(4, Number(await PlanAsync("""{"partition":0,"before":"latest"}"""), "records"));
        Assert.Equal(0, Number((await ReadAsync("/v1/topics/orders")).GetProperty("partitions")[0], "start_offset"));

        var deleted = await PostAsync("/v1/topics/orders:delete-records", """{"partition":0,"before":"3"}""");
        Assert.Equal(3, Number(await deleted.Content.ReadFromJsonAsync<JsonElement>(Token), "start_offset"));
        await PostAsync("/v1/topics/orders:delete-records", """{"partition":0,"before":"latest"}""");
        Assert.Equal(4, Number((await ReadAsync("/v1/topics/orders")).GetProperty("partitions")[0], "start_offset"));

        async Task<JsonElement> PlanAsync(string body) =>
            await (await PostAsync("/v1/topics/orders:plan-delete-records", body)).Content.ReadFromJsonAsync<JsonElement>(Token);

        static long Number(JsonElement from, string member) => from.GetProperty(member).GetInt64();
    }

    [Theory]
    [InlineData("""{"partition":0}""", 400)]
    [InlineData("""{"partition":0,"before":"soon"}""", 400)]
    [InlineData("""{"partition":0,"before":"-1"}""", 400)]
    [InlineData("""{"partition":0,"before":"99"}""", 400)]
    [InlineData("""{"partition":0,"before":0}""", 400)]
    [InlineData("""{"partition":7,"before":"0"}""", 404)]
    public async Task What_is_wrong_with_deleting_records_is_told_and_nothing_is_deleted(string body, int status)
    {
        await PostAsync("/v1/topics", """{"name":"orders","partitions":1}""");
        await AppendAsync("orders", ["a"]);

        foreach (var action in new[] { "plan-delete-records", "delete-records" })
            Assert.Equal(status, (int)(await PostAsync($"/v1/topics/orders:{action}", body)).StatusCode);
        Assert.Equal(1, (await ReadAsync("/v1/topics/orders")).GetProperty("records").GetInt32());
    }

    [Theory]
    [InlineData("billing")]
    [InlineData("team a/billing%2F 100%: é")]
    public async Task A_group_of_any_name_is_planned_reset_shown_and_deleted(string name)
    {
        var group = $"/v1/groups/{Uri.EscapeDataString(name)}";
        await PostAsync("/v1/topics", """{"name":"orders"}""");
        await AppendAsync("orders", ["a", "b", "c"]);
        await ProblemAsync(await GetAsync(group), 404, "not-found");

        var plan = await PostAsync($"{group}:plan-reset", """{"topic":"orders","to":"1"}""");
        Assert.Equal(1, (await plan.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("moves")[0].GetProperty("to_offset").GetInt64());
        var reset = await SendAsync(HttpMethod.Post, $"{group}:reset", """{"topic":"orders","to":"1"}""", ("If-Match", plan.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.OK, reset.StatusCode);

        var shown = await ReadAsync(group);
        Assert.Equal((name, 2), (shown.GetProperty("name").GetString(), shown.GetProperty("lag").GetInt64()));
        Assert.True(shown.GetProperty("retention_left").GetDouble() > 86_400);
        Assert.Equal(name, (await ReadAsync("/v1/groups")).GetProperty("items")[0].GetProperty("name").GetString());
        Assert.Equal(
            HttpStatusCode.PreconditionFailed,
            (await SendAsync(HttpMethod.Post, $"{group}:reset", """{"shift":-1}""", ("If-Match", plan.Headers.ETag!.ToString()))).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, group)).StatusCode);
        await ProblemAsync(await GetAsync(group), 404, "not-found");
    }

    [Theory]
    [InlineData("""{"topic":"orders"}""", "to")]
    [InlineData("""{"topic":"orders","to":"latest","shift":1}""", "to")]
    [InlineData("""{"topic":"orders","to":"soon"}""", "to")]
    [InlineData("""{"partitions":[0],"to":"latest"}""", "partitions")]
    public async Task What_is_wrong_with_a_reset_is_told_by_its_member(string body, string member) =>
        Assert.Equal(member, (await ProblemAsync(await PostAsync("/v1/groups/billing:plan-reset", body), 400, "invalid-request")).GetProperty("member").GetString());

    [Fact]
    public async Task What_is_the_brokers_own_is_looked_at_and_not_changed()
    {
        await PostAsync("/v1/topics", """{"name":"orders"}""");
        await PostAsync("/v1/groups/billing:reset", """{"topic":"orders","to":"latest"}""");

        Assert.True((await ReadAsync("/v1/topics/__consumer_offsets")).GetProperty("internal").GetBoolean());
        await ProblemAsync(await SendAsync(HttpMethod.Delete, "/v1/topics/__consumer_offsets"), 409, "broker-refused");
        await ProblemAsync(await SendAsync(HttpMethod.Patch, "/v1/topics/__consumer_offsets", """{"settings":{"retention.ms":"1"}}"""), 409, "broker-refused");
        await ProblemAsync(await PostAsync("/v1/topics/__consumer_offsets:plan-delete-records", """{"partition":0,"before":"0"}"""), 409, "broker-refused");
        await ProblemAsync(await PostAsync("/v1/topics/__consumer_offsets/records", """{"records":[{"value":"x"}]}"""), 409, "broker-refused");
        Assert.Equal(JsonValueKind.String, (await ReadAsync("/v1/broker")).GetProperty("address").ValueKind);
    }

    private static List<string?> Values(JsonElement page) => [.. page.GetProperty("items").EnumerateArray().Select(record => record.GetProperty("value").GetString())];

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage answer, int status, string slug)
    {
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Token);
        Assert.Equal((status, $"/docs/problems/{slug}"), ((int)answer.StatusCode, problem.GetProperty("type").GetString()));
        return problem;
    }

    private Task<HttpResponseMessage> AppendAsync(string topic, IEnumerable<string> values) =>
        PostAsync($"/v1/topics/{topic}/records", $$"""{"records":[{{string.Join(',', values.Select(value => $$"""{"value":"{{value}}"}"""))}}]}""");

    private Task<HttpResponseMessage> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    private async Task<JsonElement> ReadAsync(string path)
    {
        var answer = await GetAsync(path);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Token);
    }

    private Task<HttpResponseMessage> PostAsync(string path, string json) => SendAsync(HttpMethod.Post, path, json);

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? json = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await _program.Client.SendAsync(request, Token);
    }
}
