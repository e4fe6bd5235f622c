using Groundwork.Platform.Http;
using Groundwork.Ports.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Groundwork.Platform.Serving;

/// <summary>The bound of everything that a client can make large, many or slow.</summary>
public static class HttpLimits
{
    /// <summary>The longest request line, in bytes: method, target and version. More gets 414.</summary>
    public const int RequestLineBytes = 8 << 10;

    /// <summary>How many headers a request may have. More get 431.</summary>
    public const int Headers = 100;

    /// <summary>The slowest rate at which bodies may come and answers may be taken, in bytes a second.</summary>
    public const int LeastBytesPerSecond = 240;

    /// <summary>How long a body or an answer may be below the least rate before its connection is cut.</summary>
    public static readonly TimeSpan SlowGrace = TimeSpan.FromSeconds(5);

    /// <summary>How much of a request is read ahead of the endpoint, in bytes a connection.</summary>
    private const int ReadAheadBytes = 128 << 10;

    /// <summary>How much of an answer waits for a slow reader, in bytes a connection, before the endpoint waits.</summary>
    private const int WriteAheadBytes = 64 << 10;

    internal static void Apply(KestrelServerLimits limits, SettingValues settings)
    {
        limits.MaxConcurrentConnections = settings.Get(HttpOptions.Connections);
        limits.MaxConcurrentUpgradedConnections = settings.Get(HttpOptions.Connections);
        limits.MaxRequestBodySize = settings.Get(HttpOptions.BodyLimit);
        limits.MaxRequestLineSize = RequestLineBytes;
        limits.MaxRequestHeadersTotalSize = (int)settings.Get(HttpOptions.HeaderLimit);
        limits.MaxRequestHeaderCount = Headers;
        limits.MaxRequestBufferSize = ReadAheadBytes;
        limits.MaxResponseBufferSize = WriteAheadBytes;
        limits.RequestHeadersTimeout = settings.Get(HttpOptions.HeaderTimeout);
        limits.KeepAliveTimeout = settings.Get(HttpOptions.KeepAliveTimeout);
        limits.MinRequestBodyDataRate = new MinDataRate(LeastBytesPerSecond, SlowGrace);
        limits.MinResponseDataRate = new MinDataRate(LeastBytesPerSecond, SlowGrace);
    }

    /// <summary>Gives an endpoint a body limit of its own, larger or smaller than <c>Http:BodyLimit</c>.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="bytes">The largest body; more gets 413.</param>
    public static TBuilder WithBodyLimit<TBuilder>(this TBuilder endpoint, long bytes)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new EndpointBodyLimit(bytes));

    // Routing itself hands this to the server before the endpoint reads.
    private sealed record EndpointBodyLimit(long Bytes) : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => Bytes;
    }
}
