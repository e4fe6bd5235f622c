using Groundwork.Ports.Modules;

namespace Groundwork.Platform.Serving;

/// <summary>What whoever serves requests must know of the instance that it serves. Safe for concurrent use.</summary>
public interface IInstanceStatus
{
    /// <summary>Where the instance is in its life.</summary>
    InstanceState State { get; }

    /// <summary>Cancelled when a stop is asked for.</summary>
    CancellationToken Stopping { get; }

    /// <summary>Every module's health, each given a second.</summary>
    Task<IReadOnlyList<(Module Module, ModuleHealth Health)>> CheckHealthAsync(CancellationToken cancellationToken);
}

/// <summary>Where an instance is in its life.</summary>
public enum InstanceState
{
    /// <summary>Nothing is opened yet.</summary>
    Built,

    /// <summary>Modules are starting.</summary>
    Starting,

    /// <summary>It serves.</summary>
    Ready,

    /// <summary>It finishes what is under way.</summary>
    Stopping,

    /// <summary>Everything is let go.</summary>
    Stopped,
}
