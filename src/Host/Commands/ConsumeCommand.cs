using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Groundwork.Host.Help;
using Groundwork.Host.Output;
using Groundwork.Platform.Control;
using Groundwork.Platform.Http;

namespace Groundwork.Host.Commands;

/// <summary><c>groundwork consume TOPIC</c>: writes the values of a topic's records, one a line, as they are there and as they come.</summary>
/// <remarks>It ends when it has as many as were asked for, at the end with <c>--end</c>, and with Ctrl-C or a closed pipe. In a group it commits what it has written, and no more.</remarks>
internal static class ConsumeCommand
{
    private const int BatchRecords = 500;
    private const double WaitSeconds = 1;

    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(5);

    private static readonly JsonSerializerOptions Lines = new(HttpJson.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var topic = new Argument<string>("TOPIC") { Description = "The topic's name." };
        var from = new Option<string?>("--from") { Description = "Where to begin: earliest (where it does when left out), latest, an offset, or a time such as 2026-11-30T08:00:00Z." };
        var partition = new Option<int?>("--partition") { Description = "The partition; all of them when left out." };
        var group = new Option<string?>("--group") { Description = "The group as whose member to read: it goes on behind what it has read before." };
        var count = new Option<long?>("--count") { Description = "How many records; all when left out." };
        var end = new Option<bool>("--end") { Description = "End where the topic does now, and don't wait for what comes." };
        var json = new Option<bool>("--json") { Description = "Print each record as a line of JSON, with its place, time, key and headers." };
        var command = new Command("consume", "Write the values of a topic's records, one a line, and wait for more.") { topic, from, partition, group, count, end, json };
        return command.Runs(settings, async (session, parsed, cancellationToken) =>
        {
            var body = new { Topic = parsed.GetRequiredValue(topic), Partition = parsed.GetValue(partition), From = parsed.GetValue(from), Group = parsed.GetValue(group) };
            var reader = (await session.SendAsync<ReaderShown>(HttpMethod.Post, "/readers", body, cancellationToken)).Id;
            Func<RecordShown, string> line = parsed.GetValue(json) ? record => JsonSerializer.Serialize(record with { Topic = body.Topic }, Lines) : Text;
            var isDone = false;
            try
            {
                isDone = await ReadAsync(session, reader, parsed.GetValue(count) ?? long.MaxValue, parsed.GetValue(end), PipedOutput.Of(parsed.InvocationConfiguration.Output), line, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // Ctrl-C is how it ends.
            }
            catch (IOException)
            {
                // So is whoever takes no more: a pipe into head.
            }
            finally
            {
                await CloseAsync(session, reader, isDone);
            }

            return ExitCode.Done;
        }).WithExamples(
            "groundwork consume greetings --end",
            "groundwork consume orders --from 2026-11-30T08:00:00Z --json | jq .value",
            "groundwork consume orders --group billing");
    }

    private static async Task<bool> ReadAsync(
        ControlSession session, string reader, long count, bool toEnd, TextWriter output, Func<RecordShown, string> line, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            var limit = (int)Math.Min(count, BatchRecords);
            var taken = await session.SendAsync<TakenShown>(HttpMethod.Post, $"/readers/{reader}:take", new { Limit = limit, Wait = toEnd ? WaitSeconds / 4 : WaitSeconds, ToEnd = toEnd }, cancellationToken);
            foreach (var record in taken.Records)
                await output.WriteLineAsync(line(record));
            await output.FlushAsync(cancellationToken);
            count -= taken.Records.Count;
            if (toEnd && taken.IsAtEnd)
                break;
        }

        return true;
    }

    // The instance may be what ended it.
    private static async Task CloseAsync(ControlSession session, string reader, bool isDone)
    {
        using var limit = new CancellationTokenSource(CloseTime);
        try
        {
            await session.DoAsync(HttpMethod.Delete, $"/readers/{reader}{(isDone ? "?done=true" : "")}", limit.Token);
        }
        catch (Exception e) when (e is ControlException or OperationCanceledException)
        {
            // It is closed by itself after a minute.
        }
    }

    // What is no text has no other way to be a line.
    private static string Text(RecordShown record) => record.Value ?? record.ValueBase64 ?? "";

    private sealed record ReaderShown(string Id);

    private sealed record TakenShown(IReadOnlyList<RecordShown> Records, bool IsAtEnd);

    private sealed record RecordShown(
        string? Topic, int Partition, long Offset, DateTimeOffset Time, string? Key, string? KeyBase64, string? Value, string? ValueBase64, IReadOnlyList<HeaderShown> Headers);

    private sealed record HeaderShown(string Name, string? Value, string? ValueBase64);
}
