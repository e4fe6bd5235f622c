using System.CommandLine;
using System.Globalization;
using Groundwork.Host.Help;
using Groundwork.Host.Output;
using Spectre.Console;

namespace Groundwork.Host.Commands;

/// <summary><c>groundwork topics settings</c>, <c>set</c> and <c>unset</c>: what can be set of a topic, and what is.</summary>
internal static class TopicSettingCommands
{
    public static Command List(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var (topic, json) = (TopicsCommand.TopicArgument(), CommonOptions.Json());
        return new Command("settings", "Show all that can be set of a topic: what holds, its default, what it takes and what it does.") { topic, json }.Runs(settings, async (session, parsed, cancellationToken) =>
        {
            var path = $"{TopicsCommand.Path(parsed.GetRequiredValue(topic))}/settings";
            var shown = await session.SendAsync<SettingsShown>(HttpMethod.Get, path, body: null, cancellationToken);
            Screen.Of(parsed).List(parsed.GetValue(json), shown.Items, "", ["SETTING", "VALUE", "DEFAULT", "TAKES", "WHAT"], Row);
            return ExitCode.Done;
        }).WithExamples("groundwork topics settings orders");
    }

    public static Command Set(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var (topic, yes, json) = (TopicsCommand.TopicArgument(), Yes(), CommonOptions.Json());
        var pairs = new Argument<string[]>("SETTING=VALUE") { Arity = ArgumentArity.OneOrMore, Description = $"By Kafka's names, such as {SettingPairs.Example}. All of them hold at once, or nothing is changed." };
        return new Command("set", "Set something of a topic; where that takes records away, after showing how many.") { topic, pairs, yes, json }.Runs(settings, async (session, parsed, cancellationToken) =>
        {
            if (SettingPairs.Read(parsed.GetRequiredValue(pairs), out var wrong) is not { } wanted)
            {
                parsed.InvocationConfiguration.Error.WriteLine($"What is set is SETTING=VALUE, such as {SettingPairs.Example}, not '{wrong}'.");
                return ExitCode.Misused;
            }

            return await ChangeAsync(session, parsed, parsed.GetRequiredValue(topic), wanted.ToDictionary(s => s.Key, s => (string?)s.Value), parsed.GetValue(yes), parsed.GetValue(json), cancellationToken);
        }).WithExamples("groundwork topics set orders retention.ms=86400000 segment.bytes=67108864", "groundwork topics set orders retention.ms=3600000 --yes");
    }

    public static Command Unset(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var (topic, yes, json) = (TopicsCommand.TopicArgument(), Yes(), CommonOptions.Json());
        var names = new Argument<string[]>("SETTING") { Arity = ArgumentArity.OneOrMore, Description = "By Kafka's names, such as retention.ms." };
        return new Command("unset", "Give settings of a topic their defaults again; where that takes records away, after showing how many.") { topic, names, yes, json }.Runs(settings, async (session, parsed, cancellationToken) =>
            await ChangeAsync(
                session, parsed, parsed.GetRequiredValue(topic), parsed.GetRequiredValue(names).Distinct().ToDictionary(name => name, _ => (string?)null), parsed.GetValue(yes), parsed.GetValue(json), cancellationToken))
            .WithExamples("groundwork topics unset orders retention.ms");
    }

    private static async Task<int> ChangeAsync(
        Platform.Control.ControlSession session, ParseResult parsed, string topic, Dictionary<string, string?> changes, bool isAgreed, bool asJson, CancellationToken cancellationToken)
    {
        var path = TopicsCommand.Path(topic);
        if (!isAgreed && await session.SendAsync<PlanShown>(HttpMethod.Post, $"{path}:plan-settings", new { Settings = changes }, cancellationToken) is { Records: > 0 } plan)
        {
            if (asJson)
                Screen.Of(parsed).WriteJson(plan);
            else
                Screen.Of(parsed).Line(string.Create(CultureInfo.InvariantCulture, $"This takes {plan.Records} of the {plan.TotalRecords} records in {PlainText.Of(plan.Topic)}, for good: they are older, or more, than would be kept."));
            return InstanceCommands.OnlyShown(parsed);
        }

        await session.SendAsync<TopicShown>(HttpMethod.Patch, path, new { Settings = changes }, cancellationToken);
        var shown = await session.SendAsync<SettingsShown>(HttpMethod.Get, $"{path}/settings", body: null, cancellationToken);
        var changed = shown.Items.Where(item => changes.ContainsKey(item.Name)).ToList();
        if (asJson)
        {
            Screen.Of(parsed).WriteJson(changed);
            return ExitCode.Done;
        }

        foreach (var item in changed)
            Screen.Of(parsed).Line($"{item.Name} of {topic} is {item.Value} now{(item.IsSet ? "" : ", its default")}.");
        return ExitCode.Done;
    }

    private static IReadOnlyList<string> Row(SettingShown setting) =>
    [
        setting.Name, setting.IsSet ? $"[bold]{Markup.Escape(PlainText.Of(setting.Value))}[/]" : Markup.Escape(setting.Value), setting.Default, Takes(setting), Markup.Escape(setting.About),
    ];

    private static string Takes(SettingShown setting) => setting.Words is { } words ? string.Join(" or ", words)
        : setting.Min == setting.Max ? $"{setting.Min}"
        : $"{setting.Min} to {(setting.Max == long.MaxValue ? "any" : $"{setting.Max}")}{(setting.Unit is { } unit ? $" {unit}" : "")}";

    // Only where records go: else nothing is asked.
    private static Option<bool> Yes() => new("--yes") { Description = "Do it also where a shorter retention takes records that are there. Without this it is then only shown how many." };

    private sealed record TopicShown(string Name);

    private sealed record PlanShown(string Topic, long Records, long TotalRecords);

    private sealed record SettingsShown(IReadOnlyList<SettingShown> Items);

    private sealed record SettingShown(
        string Name, string Value, string Default, bool IsSet, IReadOnlyList<string>? Words, long? Min, long? Max, string? Unit, string About);
}
