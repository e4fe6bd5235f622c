using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Platform.Hosting;

/// <summary>What whoever builds an instance decides, rather than the operator.</summary>
public sealed record InstanceOptions
{
    /// <summary>Whether only the control socket is served: for a command that needs the data while nothing runs.</summary>
    public bool ControlOnly { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Has the last word on the services, after all modules have registered theirs: a drill's.</summary>
    public Action<IServiceCollection>? Rig { get; init; }
}
