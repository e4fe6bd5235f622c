namespace Groundwork.Cache.Resp;

/// <summary>How large a request may be. What is longer than an inline request may be is refused in every line of the protocol.</summary>
internal static class RequestLimits
{
    /// <summary>The longest line: an inline request, or a length.</summary>
    public const int LineBytes = 64 * 1024;

    /// <summary>The most arguments of a command.</summary>
    public const int Arguments = 1024 * 1024;

    /// <summary>The largest argument where nothing else is set.</summary>
    public const int BulkBytes = 512 * 1024 * 1024;

    /// <summary>The most arguments before a client has said who it is.</summary>
    public const int UnauthenticatedArguments = 10;

    /// <summary>The largest argument before a client has said who it is.</summary>
    public const int UnauthenticatedBulkBytes = 16 * 1024;
}
