namespace Groundwork.Ports.Modules;

/// <summary>The program will not start, for a reason that the operator can mend. The message is for them.</summary>
public class StartRefusedException(string message, Exception? inner = null) : Exception(message, inner);
