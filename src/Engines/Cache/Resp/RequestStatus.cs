namespace Groundwork.Cache.Resp;

/// <summary>What a parser found.</summary>
internal enum RequestStatus
{
    /// <summary>The request has not come whole.</summary>
    Incomplete,

    /// <summary>A command is there.</summary>
    Command,

    /// <summary>What came is not the protocol: <see cref="RequestParser.Error"/> says why, and the connection ends with it.</summary>
    Malformed,

    /// <summary>The client speaks HTTP, as a browser does that was led here: it gets no answer.</summary>
    Http,
}
