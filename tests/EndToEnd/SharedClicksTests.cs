using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Groundwork.Broker;
using Groundwork.Ports.Messaging;
using Groundwork.Testing;
using Groundwork.Testing.Processes;
using Groundwork.Testing.Servers;

namespace Groundwork.EndToEnd.Tests;

/// <summary>Two copies of the program on one PostgreSQL and one broker, which they reach by Kafka's protocol.</summary>
public sealed class SharedClicksTests(PostgresServer postgres) : IDisposable
{
    private const string Topic = "links.clicks";

    private readonly TempFolder _folder = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Clicks_at_all_copies_are_in_the_topic_and_count_once_though_a_copy_is_killed_while_it_counts()
    {
        PostgresServer.Require();
        await using var broker = await TestBroker.StartAsync(cancellationToken: Cancellation);
        var connection = await postgres.CreateDatabaseAsync(Cancellation);
        var copies = await Task.WhenAll(StartAsync("a", connection, broker), StartAsync("b", connection, broker));
        await using var one = copies[0];
        await using var other = copies[1];
        var codes = new List<string>();
        for (var i = 0; i < 8; i++)
            codes.Add(await CreateAsync(i % 2 == 0 ? one : other, $"https://example.org/{i}"));

        await ClickAsync(one, codes, 10);
        await ClickAsync(other, codes, 10);
        await UntilPublishedAsync(broker.Broker, 160);
        await other.KillAsync();
        await ClickAsync(one, codes, 5);
        await UntilPublishedAsync(broker.Broker, 200);

        await UntilAsync(async () => (await broker.Broker.LagAsync(Topic, Cancellation)).Sum(lag => lag.Committed) == 200);
        foreach (var code in codes)
            Assert.Equal(25, await ClicksAsync(one, code));
        var records = await RecordsAsync(broker.Broker);
        Assert.All(codes, code => Assert.Equal(25, records.Count(text => text.Contains($"\"code\":\"{code}\"", StringComparison.Ordinal))));
        Assert.All(records, text => Assert.DoesNotContain("127.0.0.1", text, StringComparison.Ordinal));
    }

    private Task<GroundworkProcess> StartAsync(string folder, string connection, TestBroker broker) => GroundworkProcess.StartAsync(
        _folder[folder], $"--Database:Connection={connection}", $"--Broker:Connection={broker.BootstrapServers}");

    private async Task<string> CreateAsync(GroundworkProcess copy, string longUrl)
    {
        using var response = await _client.PostAsJsonAsync(new Uri(copy.Address, "v1/urls"), new { long_url = longUrl }, Cancellation);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("code").GetString()!;
    }

    private async Task ClickAsync(GroundworkProcess copy, IReadOnlyList<string> codes, int times)
    {
        for (var i = 0; i < times; i++)
        {
            foreach (var code in codes)
            {
                using var response = await _client.GetAsync(new Uri(copy.Address, code), Cancellation);
                Assert.Equal(HttpStatusCode.Found, response.StatusCode);
            }
        }
    }

    private async Task<long> ClicksAsync(GroundworkProcess copy, string code)
    {
        var from = DateTimeOffset.UtcNow.AddDays(-1).ToString("O", CultureInfo.InvariantCulture);
        var stats = await _client.GetFromJsonAsync<JsonElement>(new Uri(copy.Address, $"v1/urls/{code}/stats?from={Uri.EscapeDataString(from)}"), Cancellation);
        return stats.GetProperty("total").GetProperty("clicks").GetInt64();
    }

    private static Task UntilPublishedAsync(IBroker broker, long records) => UntilAsync(async () => await EndsAsync(broker) == records);

    private static async Task<long> EndsAsync(IBroker broker)
    {
        var ends = 0L;
        if (await broker.FindTopicAsync(Topic, Cancellation) is not { } topic)
            return 0;
        for (var partition = 0; partition < topic.Partitions; partition++)
            ends += (await broker.RangeAsync(Topic, partition, Cancellation)).End;
        return ends;
    }

    private static async Task<List<string>> RecordsAsync(IBroker broker)
    {
        var texts = new List<string>();
        for (var partition = 0; partition < (await broker.FindTopicAsync(Topic, Cancellation))!.Partitions; partition++)
        {
            var end = (await broker.RangeAsync(Topic, partition, Cancellation)).End;
            if (end == 0)
                continue;
            await foreach (var record in broker.ReadAsync(Topic, partition, ReadStart.Earliest, null, Cancellation))
            {
                texts.Add(Encoding.UTF8.GetString(record.Value!.Value.Span));
                if (record.Offset == end - 1)
                    break;
            }
        }

        return texts;
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        while (!await isSo())
            await Task.Delay(20, patience.Token);
    }
}
