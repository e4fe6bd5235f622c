using System.Diagnostics.CodeAnalysis;
using Groundwork.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Groundwork.Platform.Messaging.Api;

/// <summary>The group that an address names: any characters, percent-encoded. Pure.</summary>
internal static class GroupName
{
    /// <summary>The longest name.</summary>
    public const int MaxLength = 255;

    /// <summary>Reads it from the request's own target: what routing gives has lost which slashes and percent signs were encoded.</summary>
    /// <param name="http">The request; the group is in the last segment, before an action's colon.</param>
    /// <param name="action">The action with its colon; empty where there is none.</param>
    /// <param name="group">Its name.</param>
    /// <param name="problem">What is wrong with it, when false is returned.</param>
    public static bool TryRead(HttpContext http, string action, [NotNullWhen(true)] out string? group, [NotNullWhen(false)] out ProblemResult? problem)
    {
        var path = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0].TrimEnd('/');
        var segment = Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]);
        group = segment.EndsWith(action, StringComparison.Ordinal) ? segment[..^action.Length] : segment;
        problem = group.Length is > 0 and <= MaxLength ? null : BrokerProblems.Invalid("group", $"A group's name has 1 to {MaxLength} characters.");
        return problem is null;
    }
}
