using System.Collections.Immutable;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Operations;

/// <summary>IncrementalAlterConfigs, 0–1 (KIP-339): sets (0), unsets (1), adds to (2) or takes from (3) single settings of topics.</summary>
internal sealed class IncrementalAlterConfigs() : Operation<IncrementalAlterConfigsRequest>(ApiKey.IncrementalAlterConfigs)
{
    private const sbyte Set = 0;
    private const sbyte Unset = 1;
    private const sbyte Append = 2;
    private const sbyte Subtract = 3;

    protected override ValueTask<IResponse?> RunAsync(IncrementalAlterConfigsRequest request, Call call)
    {
        var response = new IncrementalAlterConfigsResponse();
        foreach (var resource in request.Resources)
        {
            var fault = TopicChange.Apply(call.Node, resource.ResourceType, resource.ResourceName, request.ValidateOnly, settings =>
            {
                foreach (var change in resource.Configs)
                {
                    if (Apply(ref settings, change) is { } wrong)
                        return (settings, wrong);
                }

                return (settings, null);
            });
            response.Responses.Add(new()
            {
                ResourceType = resource.ResourceType,
                ResourceName = resource.ResourceName,
                ErrorCode = fault?.Code ?? ErrorCode.None,
                ErrorMessage = fault?.Message,
            });
        }

        return new(response);
    }

    private static string? Apply(ref ImmutableSortedDictionary<string, string> settings, IncrementalAlterConfigsRequest.AlterableConfig change)
    {
        if (Topics.TopicSettings.Find(change.Name) is not { } setting)
            return Topics.TopicSettings.Fault(change.Name, change.Value);
        switch (change.ConfigOperation)
        {
            case Set when change.Value is not null:
                settings = settings.SetItem(change.Name, change.Value);
                return null;
            case Set:
                return $"{change.Name} is set to nothing; to have its default again, unset it.";
            case Unset:
                settings = settings.Remove(change.Name);
                return null;
            case Append or Subtract when setting.Kind == Topics.SettingKind.List && change.Value is not null:
                var items = (settings.GetValueOrDefault(change.Name) ?? setting.Default).Split(',', StringSplitOptions.RemoveEmptyEntries);
                var named = change.Value.Split(',', StringSplitOptions.RemoveEmptyEntries);
                settings = settings.SetItem(change.Name, string.Join(',', change.ConfigOperation == Append ? items.Union(named) : items.Except(named)));
                return null;
            case Append or Subtract:
                return $"{change.Name} is no list: set it.";
            default:
                return $"There is no operation {change.ConfigOperation} on settings.";
        }
    }
}
