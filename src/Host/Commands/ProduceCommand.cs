using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Groundwork.Host.Help;
using Groundwork.Host.Output;
using Groundwork.Platform.Control;

namespace Groundwork.Host.Commands;

/// <summary><c>groundwork produce TOPIC</c>: appends a value, or each line of standard input, durably.</summary>
internal static class ProduceCommand
{
    // What is sent at once; one line that is longer goes alone.
    private const int BatchBytes = 512 << 10;
    private const int BatchRecords = 5000;
    private const int MaxLineBytes = 16 << 20;

    public static Command Create(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var topic = new Argument<string>("TOPIC") { Description = "The topic's name." };
        var value = new Argument<string?>("VALUE") { Description = "What is appended; each line of standard input when left out.", Arity = ArgumentArity.ZeroOrOne };
        var key = new Option<string?>("--key") { Description = "The key of what is appended: records of one key lie in one partition, in their order." };
        var partition = new Option<int?>("--partition") { Description = "The partition; where the key belongs when left out." };
        var headers = new Option<string[]>("--header") { Description = "What goes with it, as name=value; may be given several times.", AllowMultipleArgumentsPerToken = true };
        var json = CommonOptions.Json();
        var command = new Command("produce", "Append a value, or each line of standard input, to a topic.") { topic, value, key, partition, headers, json };
        return command.Runs(settings, async (session, parsed, cancellationToken) =>
        {
            var wish = new List<HeaderSent>();
            foreach (var pair in parsed.GetValue(headers) ?? [])
            {
                if (pair.Split('=', 2) is not [{ Length: > 0 } name, var content])
                {
                    parsed.InvocationConfiguration.Error.WriteLine($"--header is name=value, not '{pair}'.");
                    return ExitCode.Misused;
                }

                wish.Add(new HeaderSent(name, content));
            }

            var appends = new Appends(session, parsed.GetRequiredValue(topic), parsed.GetValue(key), parsed.GetValue(partition), wish);
            return parsed.GetValue(value) is { } one
                ? await OneAsync(appends, one, parsed, parsed.GetValue(json), cancellationToken)
                : await LinesAsync(appends, parsed, parsed.GetValue(json), cancellationToken);
        }).WithExamples(
            "groundwork produce greetings hello --key me --header lang=en",
            "groundwork produce access-log < access.log");
    }

    private static async Task<int> OneAsync(Appends appends, string value, ParseResult parsed, bool json, CancellationToken cancellationToken)
    {
        var place = (await appends.SendAsync([Encoding.UTF8.GetBytes(value)], cancellationToken))[0];
        if (json)
            Screen.Of(parsed).WriteJson(place);
        else
            Screen.Of(parsed).Line(string.Create(CultureInfo.InvariantCulture, $"Appended to partition {place.Partition} at offset {place.Offset}."));
        return ExitCode.Done;
    }

    private static async Task<int> LinesAsync(Appends appends, ParseResult parsed, bool json, CancellationToken cancellationToken)
    {
        var appended = 0L;
        try
        {
            await using var input = System.Console.OpenStandardInput();
            await foreach (var batch in LineBatches.ReadAsync(input, BatchRecords, BatchBytes, MaxLineBytes, cancellationToken))
            {
                await appends.SendAsync(batch, cancellationToken);
                appended += batch.Count;
            }
        }
        catch (Exception e) when (e is ControlException or InvalidDataException)
        {
            parsed.InvocationConfiguration.Error.WriteLine(e.Message);
            parsed.InvocationConfiguration.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Of the lines before, {appended} are appended, and durable."));
            return ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            parsed.InvocationConfiguration.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Stopped; {appended} records are appended, and durable."));
            return ExitCode.Failed;
        }

        if (json)
            Screen.Of(parsed).WriteJson(new { Appended = appended });
        else
            Screen.Of(parsed).Line(string.Create(CultureInfo.InvariantCulture, $"Appended {appended} {(appended == 1 ? "record" : "records")}."));
        return ExitCode.Done;
    }

    /// <summary>Sends values, all with the same key and headers.</summary>
    private sealed class Appends(ControlSession session, string topic, string? key, int? partition, IReadOnlyList<HeaderSent> headers)
    {
        public async Task<IReadOnlyList<PlaceShown>> SendAsync(IReadOnlyList<ReadOnlyMemory<byte>> values, CancellationToken cancellationToken)
        {
            var records = values.Select(value => Utf8.IsValid(value.Span)
                ? new RecordSent(key, Encoding.UTF8.GetString(value.Span), null, headers)
                : new RecordSent(key, null, Convert.ToBase64String(value.Span), headers));
            return (await session.SendAsync<AppendedShown>(
                HttpMethod.Post, $"/topics/{Uri.EscapeDataString(topic)}/records", new BatchSent([.. records], partition), cancellationToken)).Places;
        }
    }

    private sealed record BatchSent(IReadOnlyList<RecordSent> Records, int? Partition);

    private sealed record RecordSent(string? Key, string? Value, string? ValueBase64, IReadOnlyList<HeaderSent> Headers);

    private sealed record HeaderSent(string Name, string Value);

    private sealed record AppendedShown(IReadOnlyList<PlaceShown> Places);

    private sealed record PlaceShown(int Partition, long Offset);
}
