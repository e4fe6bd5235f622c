namespace Groundwork.Host;

/// <summary>How the program ends, for scripts.</summary>
internal static class ExitCode
{
    /// <summary>It was done.</summary>
    public const int Done = 0;

    /// <summary>It was refused or failed; why is on standard error.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the settings are wrong; nothing was done.</summary>
    public const int Misused = 2;
}
