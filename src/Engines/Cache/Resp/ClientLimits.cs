namespace Groundwork.Cache.Resp;

/// <summary>What clients may take; another one may be put in its place while the server runs.</summary>
internal sealed record ClientLimits
{
    /// <summary>How many clients at once; the next is told so and closed. Redis's <c>maxclients</c>.</summary>
    public int MaxClients { get; init; } = 10_000;

    /// <summary>A client that sends nothing for so long is closed, unless it waits for something; 0: never. <c>timeout</c>.</summary>
    public int IdleSeconds { get; init; }

    /// <summary>The largest argument. <c>proto-max-bulk-len</c>.</summary>
    public int MaxBulkBytes { get; init; } = RequestLimits.BulkBytes;

    /// <summary>The largest request. <c>client-query-buffer-limit</c>.</summary>
    public int InputBytes { get; init; } = 1024 * 1024 * 1024;

    /// <summary>
    /// What all clients' buffers may hold; above, the one with the most is closed, and no request may be larger. 0: no such
    /// limit. <c>maxmemory-clients</c>.
    /// </summary>
    public long AllBytes { get; init; }

    /// <summary>
    /// With more than this to be sent to it, no more commands are taken from a client until it has read half. A client that
    /// sends all its commands before it reads any reply is safe up to here.
    /// </summary>
    public long HeldBytes { get; init; } = 32L * 1024 * 1024;

    /// <summary>For clients that ask and get answers. Redis has no limit here.</summary>
    public OutputLimit Normal { get; init; } = new(256L * 1024 * 1024, 0, 0);

    /// <summary>For clients that listen to channels.</summary>
    public OutputLimit PubSub { get; init; } = new(32L * 1024 * 1024, 8L * 1024 * 1024, 60);

    /// <summary>For replicas.</summary>
    public OutputLimit Replica { get; init; } = new(256L * 1024 * 1024, 64L * 1024 * 1024, 60);

    /// <summary>The most bytes of a request that is not whole.</summary>
    public long Input => AllBytes == 0 ? InputBytes : Math.Min(InputBytes, AllBytes);

    public OutputLimit Output(ClientKind kind) => kind switch
    {
        ClientKind.PubSub => PubSub,
        ClientKind.Replica => Replica,
        _ => Normal,
    };
}
