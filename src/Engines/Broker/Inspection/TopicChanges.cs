using System.Collections.Immutable;
using Groundwork.Broker.Embedded;
using Groundwork.Broker.Logs;
using Groundwork.Broker.Node;
using Groundwork.Broker.Records;
using Groundwork.Broker.Topics;
using Groundwork.Ports.Messaging;
using Groundwork.Ports.Messaging.Inspection;

namespace Groundwork.Broker.Inspection;

/// <summary>Makes, changes and deletes topics for those who are no clients. Safe for concurrent callers.</summary>
internal sealed class TopicChanges(BrokerNode node)
{
    /// <summary>Refuses to change what is the broker's own.</summary>
    public static void CheckOwn(string topic)
    {
        if (TopicName.IsInternal(topic))
            throw new BrokerException(BrokerFault.Refused, $"{topic} is the broker's own: it is not changed by others.");
    }

    /// <inheritdoc cref="IBrokerInspector.ReadSettings"/>
    public IReadOnlyList<TopicSettingState>? Settings(string topic) =>
        node.Topics.Find(topic) is { } found ? [.. TopicSettings.All.Select(setting => Describe(setting, found.Settings))] : null;

    /// <inheritdoc cref="IBrokerInspector.CreateTopic"/>
    public void Create(string name, int partitions, IReadOnlyDictionary<string, string> settings)
    {
        CheckOwn(name);
        Do(() => node.Topics.Create(name, partitions, settings.ToImmutableSortedDictionary(StringComparer.Ordinal)).Fault);
    }

    /// <inheritdoc cref="IBrokerInspector.PlanSettings"/>
    public long Plan(string topic, IReadOnlyDictionary<string, string?> changes)
    {
        CheckOwn(topic);
        var planned = ImmutableSortedDictionary<string, string>.Empty;
        Do(() => node.Topics.Alter(
            topic,
            settings =>
            {
                var changed = Apply(settings, changes);
                planned = changed.Settings;
                return changed;
            },
            validateOnly: true));
        return Taken(node.Topics.Find(topic) ?? throw Failures.NoSuchTopic(topic), TopicSettings.ToLog(planned));
    }

    /// <inheritdoc cref="IBrokerInspector.TryChangeTopic"/>
    public bool TryChange(TopicState seen, IReadOnlyDictionary<string, string?> changes)
    {
        CheckOwn(seen.Name);
        var isOther = false;
        try
        {
            Do(() => node.Topics.Alter(
                seen.Name,
                settings =>
                {
                    // What is set is replaced, never changed in place: the same object is the same settings of the same topic.
                    isOther = !ReferenceEquals(settings, seen.Settings);
                    return isOther ? (settings, "It was changed meanwhile.") : Apply(settings, changes);
                },
                validateOnly: false));
            return true;
        }
        catch (BrokerException) when (isOther)
        {
            return false;
        }
    }

    /// <inheritdoc cref="IBrokerInspector.DeleteTopicAsync"/>
    public async Task DeleteAsync(string name, Guid? id, CancellationToken cancellationToken)
    {
        CheckOwn(name);
        var topic = node.Topics.Find(name) ?? throw Failures.NoSuchTopic(name);
        Do(() => node.Topics.Delete(name, id ?? topic.Id));
        await node.ForgetAsync(topic, cancellationToken);
    }

    // Beyond what goes as it is.
    private static long Taken(Topic topic, LogSettings settings) =>
        topic.Partitions.Sum(log => Math.Max(0, log.OutlivedBy(settings) - log.OutlivedBy(log.Settings)));

    private static (ImmutableSortedDictionary<string, string> Settings, string? Fault) Apply(
        ImmutableSortedDictionary<string, string> settings, IReadOnlyDictionary<string, string?> changes)
    {
        foreach (var (name, value) in changes)
        {
            if (TopicSettings.Find(name) is null)
                return (settings, TopicSettings.Fault(name, value));
            settings = value is null ? settings.Remove(name) : settings.SetItem(name, value);
        }

        return (settings, null);
    }

    private static TopicSettingState Describe(TopicSetting setting, ImmutableSortedDictionary<string, string> settings)
    {
        var isSet = settings.TryGetValue(setting.Name, out var value);
        return new TopicSettingState(setting.Name, value ?? setting.Default, setting.Default, isSet, setting.Range, setting.About);
    }

    private static void Do(Func<BatchFault?> change)
    {
        try
        {
            if (change() is { } fault)
                throw Failures.Of(fault);
        }
        catch (IOException e)
        {
            throw Failures.Of(e);
        }
    }
}
