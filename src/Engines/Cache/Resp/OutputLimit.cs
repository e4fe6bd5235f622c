namespace Groundwork.Cache.Resp;

/// <summary>How much may wait to be sent to a client before it is cut off.</summary>
/// <param name="HardBytes">At once above this; 0: no such limit.</param>
/// <param name="SoftBytes">Above this for longer than <paramref name="SoftSeconds"/>; 0: no such limit.</param>
/// <param name="SoftSeconds">How long, in seconds.</param>
internal readonly record struct OutputLimit(long HardBytes, long SoftBytes, int SoftSeconds)
{
    /// <summary>The hard limit as a number to compare with.</summary>
    public long Hard => HardBytes == 0 ? long.MaxValue : HardBytes;

    /// <summary>The soft limit as a number to compare with.</summary>
    public long Soft => SoftBytes == 0 ? long.MaxValue : SoftBytes;
}
