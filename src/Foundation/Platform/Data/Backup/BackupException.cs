namespace Groundwork.Platform.Data.Backup;

/// <summary>A backup or a restore was refused or failed. The message is for the operator: what is wrong, and what to do.</summary>
public sealed class BackupException(string message, Exception? inner = null) : Exception(message, inner);
