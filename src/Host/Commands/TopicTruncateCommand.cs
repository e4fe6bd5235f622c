using System.CommandLine;
using System.Globalization;
using Groundwork.Host.Help;
using Groundwork.Host.Output;

namespace Groundwork.Host.Commands;

/// <summary><c>groundwork topics truncate</c>: deletes the first records of a partition, after showing how many.</summary>
internal static class TopicTruncateCommand
{
    public static Command Create(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var (topic, yes, json) = (TopicsCommand.TopicArgument(), InstanceCommands.Yes(), CommonOptions.Json());
        var partition = new Option<int>("--partition") { Description = "Of which partition.", Required = true };
        var before = new Option<string>("--before") { Description = "Where what is kept begins: earliest, latest, an offset, or a time such as 2026-11-30T08:00:00Z.", Required = true };
        return new Command("truncate", "Delete the records of a partition that are before a place, after showing how many.") { topic, partition, before, yes, json }.Runs(settings, async (session, parsed, cancellationToken) =>
        {
            var path = TopicsCommand.Path(parsed.GetRequiredValue(topic));
            var plan = await session.SendAsync<PlanShown>(HttpMethod.Post, $"{path}:plan-delete-records", Body(parsed.GetValue(partition), parsed.GetRequiredValue(before)), cancellationToken);

            // By its offset, not by the time once more: what was shown is what is done.
            var isDone = parsed.GetValue(yes);
            if (isDone)
                await session.SendAsync<DeletedShown>(HttpMethod.Post, $"{path}:delete-records", Body(plan.Partition, plan.BeforeOffset.ToString(CultureInfo.InvariantCulture)), cancellationToken);
            if (parsed.GetValue(json))
                Screen.Of(parsed).WriteJson(plan);
            else
                Screen.Of(parsed).Line(Sentence(plan, isDone));
            return isDone ? ExitCode.Done : InstanceCommands.OnlyShown(parsed);
        }).WithExamples("groundwork topics truncate orders --partition 0 --before 1000", "groundwork topics truncate orders --partition 0 --before 2026-11-30T08:00:00Z --yes");
    }

    private static string Sentence(PlanShown plan, bool isDone) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(isDone ? "Deleted" : "This deletes")} {plan.Records} of the {plan.EndOffset - plan.StartOffset} records in partition {plan.Partition} of {plan.Topic}{(isDone ? "" : ", for good")}: it {(isDone ? "begins" : "would begin")} at offset {plan.BeforeOffset}{(isDone ? " now" : "")}.");

    private static object Body(int partition, string before) => new { Partition = partition, Before = before };

    private sealed record PlanShown(string Topic, int Partition, long BeforeOffset, long StartOffset, long EndOffset, long Records);

    private sealed record DeletedShown(string Topic, int Partition, long StartOffset);
}
