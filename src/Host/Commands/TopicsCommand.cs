using System.CommandLine;
using System.Globalization;
using Groundwork.Host.Help;
using Groundwork.Host.Output;
using Spectre.Console;

namespace Groundwork.Host.Commands;

/// <summary><c>groundwork topics</c>: the topics of the program's own log, whether Groundwork runs or not.</summary>
internal static class TopicsCommand
{
    public static Command Create(IReadOnlyList<KeyValuePair<string, string>> settings) =>
        new Command("topics", "List, show, make, change and delete the topics of the program's own log.")
        {
            List(settings), Show(settings), Make(settings), Delete(settings), Partitions(settings),
            TopicSettingCommands.List(settings), TopicSettingCommands.Set(settings), TopicSettingCommands.Unset(settings), TopicTruncateCommand.Create(settings),
        }.WithExamples("groundwork topics list");

    /// <summary>Which topic.</summary>
    public static Argument<string> TopicArgument() => new("TOPIC") { Description = "The topic's name." };

    /// <summary>Where it is on the control socket.</summary>
    public static string Path(string topic) => $"/topics/{Uri.EscapeDataString(topic)}";

    private static Command List(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var json = CommonOptions.Json();
        return new Command("list", "List the topics.") { json }.Runs(settings, async (session, parsed, cancellationToken) =>
        {
            var topics = await session.ListAsync<TopicShown>("/topics", cancellationToken);
            Screen.Of(parsed).List(
                parsed.GetValue(json), topics, "There are no topics. `groundwork topics create NAME` makes one, and so does the first client that names it.",
                ["TOPIC", "PARTITIONS", "RECORDS", "SIZE", "IN", "OUT", ""], Row);
            return ExitCode.Done;
        }).WithExamples("groundwork topics list --json");
    }

    private static Command Show(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var (topic, json) = (TopicArgument(), CommonOptions.Json());
        return new Command("show", "Show a topic with its partitions, and the keys of those that are hot.") { topic, json }.Runs(settings, async (session, parsed, cancellationToken) =>
        {
            var shown = await session.SendAsync<TopicShown>(HttpMethod.Get, Path(parsed.GetRequiredValue(topic)), body: null, cancellationToken);
            var screen = Screen.Of(parsed);
            if (parsed.GetValue(json))
            {
                screen.WriteJson(shown);
                return ExitCode.Done;
            }

            screen.Table(["PARTITION", "FROM", "TO", "SIZE", "IN", "OUT", ""], shown.Partitions!.Select(Row));
            foreach (var (name, value) in shown.Settings)
                screen.Line($"{name} = {value}");
            foreach (var partition in shown.Partitions!.Where(p => p.Hot is not null))
                screen.Line(Heat(partition.Number, partition.Hot!));
            return ExitCode.Done;
        }).WithExamples("groundwork topics show orders");
    }

    private static Command Make(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var (topic, json) = (TopicArgument(), CommonOptions.Json());
        var partitions = new Option<int?>("--partitions") { Description = "How many partitions it has; as Broker:Partitions says when left out." };
        var set = new Option<string[]>("--set")
        {
            Description = $"A setting by Kafka's name, such as {SettingPairs.Example}; may be given several times.",
            AllowMultipleArgumentsPerToken = true,
        };
        return new Command("create", "Make a topic.") { topic, partitions, set, json }.Runs(settings, async (session, parsed, cancellationToken) =>
        {
            if (SettingPairs.Read(parsed.GetValue(set) ?? [], out var wrong) is not { } values)
            {
                parsed.InvocationConfiguration.Error.WriteLine($"--set is name=value, such as {SettingPairs.Example}, not '{wrong}'.");
                return ExitCode.Misused;
            }

            var body = new { Name = parsed.GetRequiredValue(topic), Partitions = parsed.GetValue(partitions), Settings = values };
            var made = await session.SendAsync<TopicShown>(HttpMethod.Post, "/topics", body, cancellationToken);
            if (parsed.GetValue(json))
                Screen.Of(parsed).WriteJson(made);
            else
                Screen.Of(parsed).Line($"Made {made.Name} with {made.PartitionCount} {(made.PartitionCount == 1 ? "partition" : "partitions")}.");
            return ExitCode.Done;
        }).WithExamples("groundwork topics create orders --partitions 12 --set retention.ms=604800000");
    }

    private static Command Delete(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var (topic, yes) = (TopicArgument(), InstanceCommands.Yes());
        return new Command("delete", "Delete a topic with all its records.") { topic, yes }.Runs(settings, async (session, parsed, cancellationToken) =>
        {
            var path = Path(parsed.GetRequiredValue(topic));
            var shown = await session.SendAsync<TopicShown>(HttpMethod.Get, path, body: null, cancellationToken);
            var what = string.Create(CultureInfo.InvariantCulture, $"{shown.Name} with {shown.Records} records ({Amount.Bytes(shown.Bytes)})");
            if (!parsed.GetValue(yes))
            {
                Screen.Of(parsed).Line($"This deletes {what}, for good.");
                return InstanceCommands.OnlyShown(parsed);
            }

            await session.DoAsync(HttpMethod.Delete, path, cancellationToken);
            Screen.Of(parsed).Line($"Deleted {what}.");
            return ExitCode.Done;
        }).WithExamples("groundwork topics delete orders --yes");
    }

    private static Command Partitions(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var (topic, yes, json) = (TopicArgument(), InstanceCommands.Yes(), CommonOptions.Json());
        var total = new Argument<int>("TOTAL") { Description = "How many partitions it is to have: more than it has." };
        return new Command("partitions", "Give a topic more partitions, after showing which share of its keys moves.") { topic, total, yes, json }.Runs(settings, async (session, parsed, cancellationToken) =>
        {
            var isDone = parsed.GetValue(yes);
            var path = $"{Path(parsed.GetRequiredValue(topic))}:{(isDone ? "add" : "plan")}-partitions";
            var plan = await session.SendAsync<PlanShown>(HttpMethod.Post, path, new { Partitions = parsed.GetValue(total) }, cancellationToken);
            var screen = Screen.Of(parsed);
            if (parsed.GetValue(json))
                screen.WriteJson(plan);
            else
                screen.Line($"{plan.Topic} {(isDone ? "has" : "would have")} {plan.To} partitions instead of {plan.From}: {Amount.Share(plan.MovedShare)} of its keys {(isDone ? "go" : "would go")} to another one from now on, so that their order to older records is lost.");
            return isDone ? ExitCode.Done : InstanceCommands.OnlyShown(parsed);
        }).WithExamples("groundwork topics partitions orders 24", "groundwork topics partitions orders 24 --yes");
    }

    private static IReadOnlyList<string> Row(TopicShown topic) =>
    [
        Markup.Escape(topic.Name), Number(topic.PartitionCount), Number(topic.Records), Amount.Bytes(topic.Bytes),
        Amount.Rate(topic.PerSecond.RecordsIn), Amount.Rate(topic.PerSecond.RecordsOut),
        topic.HotPartitions.Count > 0 ? $"[yellow]hot: partition {string.Join(", ", topic.HotPartitions)}[/]" : topic.Internal ? "the broker's own" : "",
    ];

    private static IReadOnlyList<string> Row(PartitionShown partition) =>
    [
        Number(partition.Number), Number(partition.StartOffset), Number(partition.EndOffset), Amount.Bytes(partition.Bytes),
        Amount.Rate(partition.PerSecond.RecordsIn), Amount.Rate(partition.PerSecond.RecordsOut),
        partition.Trouble is { } trouble ? $"[red]{Markup.Escape(PlainText.Of(trouble))}[/]" : partition.Hot is not null ? "[yellow]hot[/]" : "",
    ];

    private static string Heat(int number, HeatShown heat)
    {
        var keys = heat.Keys.Take(3).Select(key => $"{Amount.Share(key.Share)} have the key '{PlainText.Of(key.Key ?? key.KeyBase64 ?? "")}'");
        return $"Partition {number} is hot: it gets {Amount.Share(heat.Share)} of what comes. Of its records {string.Join(", ", [.. keys, $"{Amount.Share(heat.KeylessShare)} have no key"])}.";
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record TopicShown(
        string Name, bool Internal, int PartitionCount, long Records, long Bytes, DateTimeOffset? LatestTime, LoadShown PerSecond, IReadOnlyList<int> HotPartitions,
        IReadOnlyDictionary<string, string> Settings, IReadOnlyList<PartitionShown>? Partitions);

    private sealed record LoadShown(double RecordsIn, double BytesIn, double RecordsOut, double BytesOut);

    private sealed record PartitionShown(
        int Number, long StartOffset, long EndOffset, long Bytes, DateTimeOffset? LatestTime, LoadShown PerSecond, HeatShown? Hot, string? Trouble);

    private sealed record HeatShown(double Share, DateTimeOffset Since, IReadOnlyList<KeyShown> Keys, double KeylessShare);

    private sealed record KeyShown(string? Key, string? KeyBase64, double Share);

    private sealed record PlanShown(string Topic, int From, int To, double MovedShare);
}
