using System.Collections.Immutable;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Operations;

/// <summary>AlterConfigs, 0–2: replaces all that is set of topics; what is left out has its default again.</summary>
internal sealed class AlterConfigs() : Operation<AlterConfigsRequest>(ApiKey.AlterConfigs)
{
    protected override ValueTask<IResponse?> RunAsync(AlterConfigsRequest request, Call call)
    {
        var response = new AlterConfigsResponse();
        foreach (var resource in request.Resources)
        {
            var fault = TopicChange.Apply(call.Node, resource.ResourceType, resource.ResourceName, request.ValidateOnly, _ =>
            {
                var settings = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
                foreach (var config in resource.Configs.Where(config => config.Value is not null))
                    settings[config.Name] = config.Value!;
                return (settings.ToImmutable(), null);
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
}
