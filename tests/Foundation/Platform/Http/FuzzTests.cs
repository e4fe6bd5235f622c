using System.Net;
using System.Text;
using CsCheck;
using Groundwork.Links;
using Groundwork.Platform.Caching;
using Groundwork.Platform.Telemetry;
using Groundwork.Testing;
using Groundwork.Testing.Caching;

namespace Groundwork.Platform.Tests.Http;

/// <summary>Whatever is sent, nothing is a fault of ours, nothing hangs, and the instance serves on.</summary>
public sealed class FuzzTests
{
    private static readonly Gen<string> Word = Gen.OneOf(
        Gen.OneOf("toys", "urls", "v1", "docs", "problems", "_", "health", "ready", "metrics", "openapi", "%00", "%2F", "%ff", "..", "{code}", "7", "-1", "typed", "9999999999999999999"),
        Gen.String[Gen.Char[(char)33, (char)126], 0, 30].Select(Uri.EscapeDataString),
        Gen.String[0, 20].Select(s => Uri.EscapeDataString(new string([.. s.Where(c => !char.IsSurrogate(c))]))));

    private static readonly Gen<string> Target = Gen.Select(Word.Array[0, 4], Word.Array[0, 3]).Select((path, query) =>
        "/" + string.Join('/', path) + (query.Length == 0 ? "" : "?limit=" + string.Join("&cursor=", query)));

    private static readonly Gen<string> Method = Gen.OneOf("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "get", "FROB", "CONNECT");

    private static readonly Gen<string> Json = Gen.Recursive<string>((depth, inner) => depth > 4
        ? Gen.Const("1")
        : Gen.OneOf(
            Gen.OneOf("null", "true", "1", "-0.5e400", "\"x\"", "\"\\ud800\"", "\"\\u0000\"", "[", "{", "", "nope", "\"https://example.org/\""),
            inner.Array[0, 3].Select(items => $"[{string.Join(',', items)}]"),
            Gen.Select(Gen.OneOf("name", "count", "colour", "parts", "weight", "long_url", "alias", "expires_at", "a.b['c"), inner).Array[0, 4]
                .Select(members => "{" + string.Join(',', members.Select(m => $"\"{m.Item1}\":{m.Item2}")) + "}")));

    private static readonly Gen<string> Header = Gen.OneOf(
        Gen.OneOf(
            "Content-Type: application/json", "Content-Type: application/json; charset=bogus", "Content-Type: a/b/c", "Content-Type: ",
            "If-None-Match: *", "If-Match: \"", "If-Match: \"a\", W/\"b\",,", "Idempotency-Key: k", "Accept: */*;q=9", "Content-Encoding: gzip",
            "Transfer-Encoding: chunked", "Content-Length: 5", "Content-Length: -5", "Expect: 100-continue", "Authorization: Bearer x",
            "traceparent: 00-0-0-0", "Range: bytes=9-1", "Cookie: a=b;;=", "Upgrade: websocket", "Connection: upgrade"),
        Gen.Select(Gen.String[Gen.Char['a', 'z'], 1, 10], Gen.String[Gen.Char[(char)9, (char)255], 0, 40]).Select((n, v) => $"{n}: {v}"));

    private static readonly Gen<byte[]> Request = Gen.Select(Method, Target, Header.Array[0, 5], Json).Select((method, target, headers, body) =>
        Encoding.Latin1.GetBytes(
            $"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{string.Concat(headers.Select(h => h + "\r\n"))}"
            + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"));

    private static readonly Gen<byte[]> Damaged = Gen.Select(Request, Gen.Int[0, 200], Gen.Byte, Gen.Bool).Select((request, at, value, cut) =>
    {
        var damaged = cut ? request[..Math.Min(at, request.Length)] : [.. request];
        if (damaged.Length > 0)
            damaged[at % damaged.Length] = value;
        return damaged;
    });

    // What is not answered by then hangs; nothing here takes a hundredth of it.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_request_makes_a_fault_or_a_hang()
    {
        await using var toy = await ToyInstance.StartAsync(new ToyModule(takesCodes: false), others: [new TelemetryModule(LogsOf.Nowhere), new MemoryCacheModule(), new CachingModule(), new LinksModule()]);
        toy.Toys.Release.SetResult();
        toy.Toys.Failure = new Platform.Http.ProblemException(ToyModule.OutOfToys.Result("None."));
        var address = new IPEndPoint(IPAddress.Loopback, toy.Running.Instance.Address!.Port);

        // Whoever hangs up ends the work on a whole request before it is judged; so only what may be cut off is not waited for.
        await Gen.OneOf(Request.Select(bytes => (Bytes: bytes, IsCut: IsChunked(bytes))), Damaged.Select(bytes => (Bytes: bytes, IsCut: true))).SampleAsync(
            async sent => RawHttp.StatusOf(await AnswerAsync(address, sent.Bytes, sent.IsCut)) is not (>= 500 and not 501 and not 505),
            iter: 3000, threads: 4, print: sent => Encoding.Latin1.GetString(sent.Bytes));

        Assert.Equal(200, (int)(await toy.GetAsync("/health/ready")).StatusCode);
        Assert.Equal(200, (int)(await toy.GetAsync("/v1/toys/constant")).StatusCode);
    }

    private static bool IsChunked(byte[] request) => Encoding.Latin1.GetString(request).Contains("Transfer-Encoding", StringComparison.Ordinal);

    private static async Task<string> AnswerAsync(IPEndPoint address, byte[] request, bool hangsUp)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Patience);
        return await RawHttp.SendAsync(address, request, hangsUp, patience.Token);
    }
}
