using System.CommandLine;
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
        var (topic, json) = (TopicsCommand.TopicArgument(), CommonOptions.Json());
        var pairs = new Argument<string[]>("SETTING=VALUE") { Arity = ArgumentArity.OneOrMore, Description = $"By Kafka's names, such as {SettingPairs.Example}. All of them hold at once, or nothing is changed." };
        return new Command("set", "Set something of a topic.") { topic, pairs, json }.Runs(settings, async (session, parsed, cancellationToken) =>
        {
            if (SettingPairs.Read(parsed.GetRequiredValue(pairs), out var wrong) is not { } wanted)
            {
                parsed.InvocationConfiguration.Error.WriteLine($"What is set is SETTING=VALUE, such as {SettingPairs.Example}, not '{wrong}'.");
                return ExitCode.Misused;
            }

            return await ChangeAsync(session, parsed, parsed.GetRequiredValue(topic), wanted.ToDictionary(s => s.Key, s => (string?)s.Value), parsed.GetValue(json), cancellationToken);
        }).WithExamples("groundwork topics set orders retention.ms=86400000 segment.bytes=67108864");
    }

    public static Command Unset(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var (topic, json) = (TopicsCommand.TopicArgument(), CommonOptions.Json());
        var names = new Argument<string[]>("SETTING") { Arity = ArgumentArity.OneOrMore, Description = "By Kafka's names, such as retention.ms." };
        return new Command("unset", "Give settings of a topic their defaults again.") { topic, names, json }.Runs(settings, async (session, parsed, cancellationToken) =>
            await ChangeAsync(
                session, parsed, parsed.GetRequiredValue(topic), parsed.GetRequiredValue(names).Distinct().ToDictionary(name => name, _ => (string?)null), parsed.GetValue(json), cancellationToken))
            .WithExamples("groundwork topics unset orders retention.ms");
    }

    private static async Task<int> ChangeAsync(
        Platform.Control.ControlSession session, ParseResult parsed, string topic, Dictionary<string, string?> changes, bool asJson, CancellationToken cancellationToken)
    {
        var path = TopicsCommand.Path(topic);
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

    private sealed record TopicShown(string Name);

    private sealed record SettingsShown(IReadOnlyList<SettingShown> Items);

    private sealed record SettingShown(
        string Name, string Value, string Default, bool IsSet, IReadOnlyList<string>? Words, long? Min, long? Max, string? Unit, string About);
}
