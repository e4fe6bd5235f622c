namespace Groundwork.Cache.Serving.Transport;

/// <summary>What a loop waits for on a socket, and what came.</summary>
[Flags]
internal enum Interest
{
    None = 0,

    /// <summary>There is something to read, or the end of it, or an error.</summary>
    Read = 1,

    /// <summary>There is room to send.</summary>
    Write = 2,

    /// <summary>The other side has closed; waited for where nothing is to be read.</summary>
    HangUp = 4,
}
