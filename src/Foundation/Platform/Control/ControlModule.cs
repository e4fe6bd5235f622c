using Groundwork.Platform.Folders;
using Groundwork.Platform.Http;
using Groundwork.Platform.Settings;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Microsoft.AspNetCore.Routing;

namespace Groundwork.Platform.Control;

/// <summary>What the command line asks of a running instance, and no other caller can: the control socket alone serves it.</summary>
public sealed class ControlModule : Module, IControlledModule
{
    /// <inheritdoc/>
    public override string Name => "Control";

    /// <inheritdoc/>
    public override string Summary => "The command line's way to the running instance: a socket that only this user can open.";

    /// <inheritdoc/>
    public override bool IsFoundation => true;

    /// <inheritdoc/>
    public override IEnumerable<SettingError> Validate(SettingValues settings)
    {
        var folder = Path.GetFullPath(settings.Get(ProgramSettings.Data));
        if (!DataFolder.HasRoomForSocket(folder))
        {
            yield return new SettingError(
                ProgramSettings.Data.Name, $"leads to {folder}, which is too long: the control socket in it needs {DataFolder.LongestSocketPath} bytes at most", "Choose a shorter one.");
        }
    }

    /// <inheritdoc/>
    public void MapControl(IEndpointRouteBuilder routes) => ControlEndpoints.Map(routes);
}
