namespace Groundwork.Platform.Control;

/// <summary>The running instance could not be asked, or refused. The message is for the operator.</summary>
public sealed class ControlException(string message, Exception? inner = null) : Exception(message, inner);
