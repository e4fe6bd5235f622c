using Groundwork.Platform.Http;
using Groundwork.Ports.Messaging;
using Groundwork.Ports.Messaging.Inspection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Groundwork.Platform.Messaging.Api;

/// <summary><c>GET /v1/topics/{topic}/settings</c>, <c>POST /v1/topics/{topic}:plan-settings</c> and <c>PATCH /v1/topics/{topic}</c>.</summary>
internal static class TopicSettingEndpoints
{
    public const string Description =
        "In settings, by Kafka's names, what is to be set; null gives a setting its default again, and what is not named stays as it is. All of it holds at once, or nothing is changed. "
        + "A shorter retention takes away records that are there: how many, :plan-settings tells.";

    // Each one in vain means that somebody else's change was made.
    private const int Attempts = 10;

    public static IResult Read(string topic, HttpContext http, [FromServices] IBrokerInspector broker)
    {
        if (broker.ReadTopic(topic) is not { } found || broker.ReadSettings(topic) is not { } settings)
            return BrokerProblems.NoTopic(topic);
        http.Response.Headers.ETag = TopicItemView.TagOf(found).ToString();
        return Results.Ok(new TopicSettingsView([.. settings.Select(TopicSettingView.Of)]));
    }

    public static IResult Plan(string topic, TopicPatch body, HttpContext http, [FromServices] IBrokerInspector broker) => BrokerProblems.Try(() =>
    {
        if (broker.ReadTopic(topic) is not { } found)
            return BrokerProblems.NoTopic(topic);
        if (found.IsInternal)
            return NotOurs(topic);
        try
        {
            var taken = broker.PlanSettings(topic, body.Settings ?? new Dictionary<string, string?>());
            http.Response.Headers.ETag = TopicItemView.TagOf(found).ToString();
            return Results.Ok(new TopicSettingsPlanView(topic, taken, found.Partitions.Sum(partition => partition.Offsets.End - partition.Offsets.Start)));
        }
        catch (BrokerException e) when (e.Fault == BrokerFault.Refused)
        {
            return BrokerProblems.Invalid("settings", e.Message);
        }
    });

    public static IResult Change(string topic, TopicPatch body, HttpContext http, [FromServices] IBrokerInspector broker) => BrokerProblems.Try(() =>
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var found = broker.ReadTopic(topic);
            if (EntityTag.Refuse(http.Request, found is null ? null : TopicItemView.TagOf(found)) is { } refusal)
                return refusal;
            if (found is null)
                return BrokerProblems.NoTopic(topic);
            if (found.IsInternal)
                return NotOurs(topic);
            try
            {
                if (!broker.TryChangeTopic(found, body.Settings ?? new Dictionary<string, string?>()))
                    continue;
            }
            catch (BrokerException e) when (e.Fault == BrokerFault.Refused)
            {
                return BrokerProblems.Invalid("settings", e.Message);
            }

            var now = broker.ReadTopic(topic) ?? found;
            return TopicItemView.TagOf(now).On(Results.Ok(TopicView.Of(now)));
        }

        return BrokerProblems.Of(new BrokerException(BrokerFault.Unavailable, "Others keep changing this topic; send the request again."));
    });

    private static ProblemResult NotOurs(string topic) => BrokerProblems.Refused.Result($"{topic} is the broker's own: it is not changed by others.");
}

/// <summary>What a change of a topic's settings would take away.</summary>
/// <param name="Topic">Of which topic.</param>
/// <param name="Records">How many records a shorter retention takes within minutes, beyond those that are outlived already.</param>
/// <param name="TotalRecords">How many there are.</param>
internal sealed record TopicSettingsPlanView(string Topic, long Records, long TotalRecords);

/// <summary>What is to change of a topic; what is absent stays.</summary>
/// <param name="Settings">By Kafka's names; null gives a setting its default again.</param>
internal sealed record TopicPatch(IReadOnlyDictionary<string, string?>? Settings = null);

/// <summary>All that can be set of a topic.</summary>
/// <param name="Items">By their names.</param>
internal sealed record TopicSettingsView(IReadOnlyList<TopicSettingView> Items);

/// <summary>Something that can be set of a topic.</summary>
/// <param name="Name">Its name in Kafka.</param>
/// <param name="Value">What holds.</param>
/// <param name="Default">What holds where nothing is set.</param>
/// <param name="IsSet">Whether it was set.</param>
/// <param name="Words">The words that it takes; absent where it takes a number.</param>
/// <param name="Min">The least number that it takes; absent where it takes words.</param>
/// <param name="Max">The greatest one.</param>
/// <param name="Unit">What the number counts: ms or bytes; absent where it counts neither.</param>
/// <param name="About">What it does.</param>
internal sealed record TopicSettingView(
    string Name, string Value, string Default, bool IsSet, IReadOnlyList<string>? Words, long? Min, long? Max, string? Unit, string About)
{
    public static TopicSettingView Of(TopicSettingState setting)
    {
        var (range, isNumber) = (setting.Range, setting.Range.Words.Count == 0);
        return new TopicSettingView(
            setting.Name, setting.Value, setting.Default, setting.IsSet, isNumber ? null : range.Words, isNumber ? range.Min : null, isNumber ? range.Max : null, range.Unit,
            setting.About);
    }
}
