using System.CommandLine;
using System.Globalization;
using Groundwork.Host.Help;
using Groundwork.Host.Output;
using Spectre.Console;

namespace Groundwork.Host.Commands;

/// <summary><c>groundwork groups</c>: who reads the program's own log, and how far behind they are.</summary>
internal static class GroupsCommand
{
    public static Command Create(IReadOnlyList<KeyValuePair<string, string>> settings) =>
        new Command("groups", "List, show, reset and delete the groups that read the program's own log.")
        {
            List(settings), Show(settings), Reset(settings), Delete(settings),
        }.WithExamples("groundwork groups show readers");

    private static Command List(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var json = CommonOptions.Json();
        return new Command("list", "List the groups, with how far each is behind.") { json }.Runs(settings, async (session, parsed, cancellationToken) =>
        {
            var groups = await session.ListAsync<GroupShown>("/groups", cancellationToken);
            Screen.Of(parsed).List(
                parsed.GetValue(json), groups, "There are no groups. `groundwork consume TOPIC --group NAME` makes one.",
                ["GROUP", "STATE", "MEMBERS", "TOPICS", "BEHIND", "TIME LEFT"], Row);
            return ExitCode.Done;
        }).WithExamples("groundwork groups list --json");
    }

    private static Command Show(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var (group, json) = (GroupArgument(), CommonOptions.Json());
        return new Command("show", "Show a group: its members, and how far it is in each partition.") { group, json }.Runs(settings, async (session, parsed, cancellationToken) =>
        {
            var shown = await session.SendAsync<GroupShown>(HttpMethod.Get, Path(parsed.GetRequiredValue(group)), body: null, cancellationToken);
            var screen = Screen.Of(parsed);
            if (parsed.GetValue(json))
            {
                screen.WriteJson(shown);
                return ExitCode.Done;
            }

            screen.Line($"{PlainText.Of(shown.Name)}: {shown.State}{(shown.Protocol is { Length: > 0 } protocol ? $", shared out by {PlainText.Of(protocol)}" : "")}");
            if (shown.Partitions!.Count > 0)
                screen.Table(["TOPIC", "PARTITION", "COMMITTED", "END", "BEHIND", "TIME LEFT", "MEMBER"], shown.Partitions.Select(Row));
            if (shown.Members!.Count > 0)
                screen.Table(["MEMBER", "CLIENT", "HOST", "PARTITIONS"], shown.Members.Select(Row));
            return ExitCode.Done;
        }).WithExamples("groundwork groups show readers");
    }

    private static Command Reset(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var (group, yes, json) = (GroupArgument(), InstanceCommands.Yes(), CommonOptions.Json());
        var topic = new Option<string?>("--topic") { Description = "Of which topic; of all that it has committed when left out." };
        var partitions = new Option<int[]>("--partition") { Description = "Of which partition; may be given several times. All when left out.", AllowMultipleArgumentsPerToken = true };
        var to = new Option<string?>("--to") { Description = "Where it is to go on: earliest, latest, an offset, or a time such as 2026-11-30T08:00:00Z." };
        var shift = new Option<long?>("--shift") { Description = "By how many records from where it is: -100 reads the last hundred again." };
        return new Command("reset", "Have a group without members go on elsewhere, after showing where.") { group, topic, partitions, to, shift, yes, json }.Runs(settings, async (session, parsed, cancellationToken) =>
        {
            var isDone = parsed.GetValue(yes);
            var body = new
            {
                Topic = parsed.GetValue(topic),
                Partitions = parsed.GetValue(partitions) is { Length: > 0 } some ? some : null,
                To = parsed.GetValue(to),
                Shift = parsed.GetValue(shift),
            };
            var plan = await session.SendAsync<PlanShown>(HttpMethod.Post, $"{Path(parsed.GetRequiredValue(group))}:{(isDone ? "reset" : "plan-reset")}", body, cancellationToken);
            var screen = Screen.Of(parsed);
            if (parsed.GetValue(json))
                screen.WriteJson(plan);
            else
                screen.Table(["TOPIC", "PARTITION", isDone ? "WAS" : "IS", isDone ? "IS" : "WOULD BE", "RECORDS"], plan.Moves.Select(Row));
            if (isDone)
                return ExitCode.Done;
            if (plan.MemberCount == 0)
                return InstanceCommands.OnlyShown(parsed);
            parsed.InvocationConfiguration.Error.WriteLine($"The group has {plan.MemberCount} members, whose places are theirs: it can be reset once they have ended.");
            return ExitCode.Failed;
        }).WithExamples("groundwork groups reset readers --to earliest", "groundwork groups reset readers --topic orders --shift -100 --yes");
    }

    private static Command Delete(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var (group, yes) = (GroupArgument(), InstanceCommands.Yes());
        return new Command("delete", "Delete a group without members, with all that it has committed.") { group, yes }.Runs(settings, async (session, parsed, cancellationToken) =>
        {
            var path = Path(parsed.GetRequiredValue(group));
            var shown = await session.SendAsync<GroupShown>(HttpMethod.Get, path, body: null, cancellationToken);
            if (!parsed.GetValue(yes))
            {
                Screen.Of(parsed).Line($"This deletes {PlainText.Of(shown.Name)} with where it is in {shown.Partitions!.Count} {(shown.Partitions.Count == 1 ? "partition" : "partitions")}, for good.");
                return InstanceCommands.OnlyShown(parsed);
            }

            await session.DoAsync(HttpMethod.Delete, path, cancellationToken);
            Screen.Of(parsed).Line($"Deleted {PlainText.Of(shown.Name)}.");
            return ExitCode.Done;
        }).WithExamples("groundwork groups delete readers --yes");
    }

    private static Argument<string> GroupArgument() => new("GROUP") { Description = "The group's name." };

    private static string Path(string group) => $"/groups/{Uri.EscapeDataString(group)}";

    private static IReadOnlyList<string> Row(GroupShown group) =>
    [
        Text(group.Name), group.State, Number(group.MemberCount), Text(string.Join(", ", group.Topics)), Number(group.Lag), Left(group.RetentionLeft),
    ];

    private static IReadOnlyList<string> Row(PartitionShown partition) =>
    [
        Text(partition.Topic), Number(partition.Partition), Number(partition.CommittedOffset), Number(partition.EndOffset), Number(partition.Lag), Left(partition.RetentionLeft),
        Text(partition.MemberId ?? "-"),
    ];

    private static IReadOnlyList<string> Row(MemberShown member) =>
    [
        Text(member.Id), Text(member.ClientId), Text(member.Host),
        Text(string.Join(", ", member.Partitions.GroupBy(p => p.Topic, StringComparer.Ordinal).Select(t => $"{t.Key}: {string.Join(' ', t.Select(p => p.Partition))}"))),
    ];

    private static IReadOnlyList<string> Row(MoveShown move) =>
    [
        Text(move.Topic), Number(move.Partition), Number(move.FromOffset), Number(move.ToOffset),
        move.Records switch { null => "-", 0 => "none", < 0 and var again => $"{Number(-again)} again", var over => $"{Number(over)} passed over" },
    ];

    private static string Text(string text) => Markup.Escape(PlainText.Of(text));

    private static string Number(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static string Left(double? seconds) => seconds switch { null => "-", < 0 => "[red]some are gone[/]", var left => Amount.Duration(left.Value) };

    private sealed record GroupShown(
        string Name, string State, int MemberCount, IReadOnlyList<string> Topics, long Lag, double? RetentionLeft, string? ProtocolType, string? Protocol,
        IReadOnlyList<MemberShown>? Members, IReadOnlyList<PartitionShown>? Partitions);

    private sealed record MemberShown(string Id, string? InstanceId, string ClientId, string Host, IReadOnlyList<AssignedShown> Partitions);

    private sealed record AssignedShown(string Topic, int Partition);

    private sealed record PartitionShown(
        string Topic, int Partition, long? CommittedOffset, long StartOffset, long EndOffset, long? Lag, double? RetentionLeft, string? MemberId);

    private sealed record PlanShown(string Group, int MemberCount, IReadOnlyList<MoveShown> Moves);

    private sealed record MoveShown(string Topic, int Partition, long? FromOffset, long ToOffset, long StartOffset, long EndOffset, long? Records);
}
