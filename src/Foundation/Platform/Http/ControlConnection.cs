namespace Groundwork.Platform.Http;

/// <summary>Marks a connection that came through the control socket.</summary>
internal sealed class ControlConnection
{
    public static readonly ControlConnection Instance = new();
}
