using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Groundwork.Platform.Access;
using Groundwork.RateLimits.Envoy.Messages;
using Grpc.Core;
using static Groundwork.RateLimits.Tests.Envoy.EnvoyRequests;
using Unit = Groundwork.RateLimits.Envoy.Messages.RateLimitResponse.Types.RateLimit.Types.Unit;

namespace Groundwork.RateLimits.Tests.Envoy;

/// <summary>What Envoy's protocol is not answered, and how that is said: always as a status of gRPC.</summary>
public sealed class EnvoyRefusalTests
{
    private const string Path = "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit";

    private const string Policies = """
        "peers": { "descriptor": { "domain": "edge", "entries": ["remote_address"] }, "limits": [ { "permits": 5, "period": "1m" } ] },
        "log": { "descriptor": { "domain": "edge", "entries": ["user"] }, "limits": [ { "algorithm": "sliding-log", "permits": 5, "period": "1m" } ] }
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_that_says_nothing_or_too_much_is_told_what_is_wrong()
    {
        await using var limited = await LimitedInstance.StartAsync(Policies);
        var peer = Descriptor("remote_address=10.0.0.1");
        foreach (var (request, said) in ((RateLimitRequest, string)[])[
            (new RateLimitRequest { Descriptors = { peer } }, "domain must not be empty."),
            (Request(), "descriptors must be 1 to 32, not 0."),
            (Request([.. Enumerable.Repeat(peer, 33)]), "descriptors must be 1 to 32, not 33."),
            (Request(peer, new RateLimitDescriptor()), "descriptors[1].entries must not be empty."),
            (Request(Descriptor("remote_address=10.0.0.1").Adding(ulong.MaxValue)), "descriptors[0] adds too many hits; all that a request adds to one key must be 1000000000 at most."),
            (Request(Descriptor("remote_address=1").Adding(600_000_000), Descriptor("remote_address=1").Adding(600_000_000)), "descriptors[1] adds too many hits"),
            (Request(Descriptor("remote_address=1").With(5, Unit.Unknown)), "descriptors[0].limit.unit must be SECOND"),
            (Request(Descriptor("remote_address=1").With(5, (Unit)99)), "descriptors[0].limit.unit must be SECOND"),
            (Request(Descriptor("remote_address=1").With(uint.MaxValue, Unit.Second)), "descriptors[0].limit cannot be counted as the policy 'peers' counts"),
            (Request(Descriptor("user=1").With(20_000, Unit.Second)), "descriptors[0].limit cannot be counted as the policy 'log' counts")])
        {
            var status = await limited.FailAsync(request);
            Assert.Equal(StatusCode.InvalidArgument, status.StatusCode);
            Assert.StartsWith(said, status.Detail, StringComparison.Ordinal);
        }

        Assert.Equal(StatusCode.ResourceExhausted, (await limited.FailAsync(Request(Descriptor("user=" + new string('x', 200_000))))).StatusCode);
        Assert.Equal(0, limited.Store.Count);
    }

    [Fact]
    public async Task Random_bytes_are_told_apart_from_a_fault_of_the_server()
    {
        await using var limited = await LimitedInstance.StartAsync(Policies);
        using var client = new HttpClient { BaseAddress = limited.Instance.Http2Address };
        var random = new Random(4);
        var whole = Request(Descriptor("remote_address=10.0.0.1").With(7, Unit.Hour).Adding(1)).ToByteArray();
        var seen = new HashSet<string>();
        for (var i = 0; i < 2_000; i++)
        {
            var message = i % 2 == 0 ? new byte[random.Next(64)] : (byte[])whole.Clone();
            if (i % 2 == 0)
                random.NextBytes(message);
            else
                message[random.Next(message.Length)] = (byte)random.Next(256);
            seen.Add(await StatusOfAsync(client, message));
        }

        Assert.Subset(new HashSet<string> { "0", "3" }, seen);
        Assert.Equal("3", await StatusOfAsync(client, [0x0A, 2, 0xC3, 0x28])); // a domain that is no UTF-8
        Assert.Equal("ok: ok", await limited.CodesAsync(Descriptor("remote_address=10.0.0.2")));
    }

    [Fact]
    public async Task Who_has_no_key_or_one_for_something_else_is_told_so()
    {
        await using var limited = await LimitedInstance.StartAsync(Policies, null, new AccessModule());
        var request = Request(Descriptor("remote_address=10.0.0.1"));
        Assert.Equal("ok: ok", await limited.CodesAsync(request.Descriptors[0]));

        var unknown = await limited.FailAsync(request, ("x-forwarded-for", "192.0.2.1"));
        Assert.Equal(StatusCode.Unauthenticated, unknown.StatusCode);
        Assert.Contains("with a key that has the scope 'ratelimits:take'", unknown.Detail, StringComparison.Ordinal);
        Assert.Equal(StatusCode.Unauthenticated, (await limited.FailAsync(request, ("authorization", "Bearer gw_none_of_ours"))).StatusCode);

        var other = await limited.FailAsync(request, ("authorization", $"Bearer {await limited.MakeKeyAsync("reader", "ratelimits:read")}"));
        Assert.Equal(StatusCode.PermissionDenied, other.StatusCode);
        Assert.Contains("which 'reader' does not have", other.Detail, StringComparison.Ordinal);

        var key = await limited.MakeKeyAsync("envoy", "ratelimits:take");
        Assert.Equal("Ok", (await limited.AskAsync(request, ("authorization", $"Bearer {key}"), ("x-forwarded-for", "192.0.2.1"))).OverallCode.ToString());
    }

    [Fact]
    public async Task Whoever_asks_too_often_itself_is_told_as_a_client_of_gRPC()
    {
        await using var limited = await LimitedInstance.StartAsync(""" "self": { "limits": [ { "permits": 1, "period": "1h" } ] } """);
        await limited.AskAsync(Request(Descriptor("user=ann")));
        var refused = await limited.FailAsync(Request(Descriptor("user=ann")));
        Assert.Equal((StatusCode.ResourceExhausted, "A limit is used up; ask again in 3600 s."), (refused.StatusCode, refused.Detail));
    }

    [Fact]
    public async Task While_the_server_stops_calls_are_turned_away_so_that_they_go_elsewhere()
    {
        await using var limited = await LimitedInstance.StartAsync(Policies);
        Assert.Equal("ok: ok", await limited.CodesAsync(Descriptor("remote_address=1")));
        var under = limited.GetAsync("/v1/toys/wait");
        await limited.Toys.Entered.Task.WaitAsync(Cancellation);
        limited.Instance.RequestStop();
        var status = await limited.FailAsync(Request(Descriptor("remote_address=1")));
        Assert.Equal((StatusCode.Unavailable, "This instance takes no new requests."), (status.StatusCode, status.Detail));
        limited.Toys.Release.SetResult();
        await under;
    }

    private static async Task<string> StatusOfAsync(HttpClient client, byte[] message)
    {
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        using var content = new ByteArrayContent(frame) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } };
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = content, Headers = { { "te", "trailers" } }, Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var answer = await client.SendAsync(request, Cancellation);
        await answer.Content.ReadAsByteArrayAsync(Cancellation);
        Assert.Equal((HttpStatusCode.OK, "application/grpc"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        return (answer.TrailingHeaders.TryGetValues("grpc-status", out var trailing) ? trailing : answer.Headers.GetValues("grpc-status")).Single();
    }
}
