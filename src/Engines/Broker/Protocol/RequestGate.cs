namespace Groundwork.Broker.Protocol;

/// <summary>
/// What is to be done with a request, by its API and version alone. Kafka's protocol has one way to say that a version is
/// not spoken, and only for ApiVersions, which clients begin with: it is answered in version 0, which everybody reads. To
/// any other request there is no answer that the client would be sure to understand, so the connection is closed; a client
/// that asked first never gets there.
/// </summary>
internal static class RequestGate
{
    /// <summary>Decides about a request whose header was read as far as <see cref="RequestHeader.ReadStart"/> does.</summary>
    /// <param name="api">What is known of the API, unless the verdict is <see cref="RequestVerdict.Close"/>.</param>
    public static RequestVerdict Decide(RequestHeader header, out ApiInfo? api)
    {
        api = ApiCatalog.Find(header.ApiKey);
        if (api?.Served is not { } served)
            return RequestVerdict.Close;
        if (served.Contains(header.ApiVersion))
            return RequestVerdict.Serve;
        return api.Key == ApiKey.ApiVersions && header.ApiVersion > served.To ? RequestVerdict.AnswerVersions : RequestVerdict.Close;
    }

    /// <summary>Why the connection is closed, for the log.</summary>
    public static string Reason(RequestHeader header) => ApiCatalog.Find(header.ApiKey) switch
    {
        null => $"API {header.ApiKey} is not known",
        { Served: { } served } api => $"{api.Key} of version {header.ApiVersion} is not served; {served} are",
        { } api => $"{api.Key} is not served",
    };

    /// <summary>The answer to ApiVersions: every API that is served, with the versions that are said to be.</summary>
    /// <param name="error">None, or that the version asked in is not spoken: then to be written in version 0.</param>
    public static ApiVersionsResponse Versions(ErrorCode error)
    {
        var response = new ApiVersionsResponse { ErrorCode = error };
        foreach (var api in ApiCatalog.All)
        {
            if (api.Advertised is var (from, to))
                response.ApiKeys.Add(new ApiVersionsResponse.ApiVersion { ApiKey = (short)api.Key, MinVersion = from, MaxVersion = to });
        }

        return response;
    }
}

/// <summary>What <see cref="RequestGate"/> decides.</summary>
internal enum RequestVerdict
{
    /// <summary>The rest is to be read, and answered.</summary>
    Serve,

    /// <summary>It is answered with the versions that are spoken, in version 0 and with <see cref="ErrorCode.UnsupportedVersion"/>.</summary>
    AnswerVersions,

    /// <summary>It is logged, and the connection closed.</summary>
    Close,
}
