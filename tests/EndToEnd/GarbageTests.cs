using System.Net;
using System.Net.Sockets;
using System.Text;
using Groundwork.Testing;
using Groundwork.Testing.Processes;

namespace Groundwork.EndToEnd.Tests;

public sealed class GarbageTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Garbage_on_the_port_and_on_the_control_socket_does_nothing()
    {
        await using var running = await GroundworkProcess.StartAsync(_folder.Path);
        var http = new IPEndPoint(IPAddress.Loopback, running.Address.Port);
        var control = new UnixDomainSocketEndPoint(_folder["control.sock"]);

        foreach (var garbage in Garbage())
        {
            Assert.DoesNotContain("HTTP/1.1 5", await RawHttp.SendAsync(http, garbage, hangsUp: true, Cancellation), StringComparison.Ordinal);
            Assert.DoesNotContain("HTTP/1.1 5", await RawHttp.SendAsync(control, garbage, hangsUp: true, Cancellation), StringComparison.Ordinal);
        }

        using var client = new HttpClient { BaseAddress = running.Address };
        Assert.Equal("live\n", await client.GetStringAsync(new Uri("health/live", UriKind.Relative), Cancellation));
        Assert.Equal(0, await running.TerminateAsync());
    }

    private static IEnumerable<byte[]> Garbage()
    {
        yield return [];
        yield return "\r\n\r\n"u8.ToArray();
        yield return "*1\r\n$4\r\nPING\r\n"u8.ToArray(); // RESP
        yield return [0, 0, 0, 12, 0, 18, 0, 3, 0, 0, 0, 1, 255, 255, 0, 0]; // Kafka's ApiVersions
        yield return [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03]; // a TLS hello
        yield return Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: localhost\r\n" + new string('x', 200_000));
        yield return "POST /v1/urls HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n"u8.ToArray();
        yield return "POST /v1/urls HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nzz\r\n"u8.ToArray();
        var random = new Random(7);
        for (var i = 0; i < 40; i++)
        {
            var bytes = new byte[random.Next(1, 4096)];
            random.NextBytes(bytes);
            yield return bytes;
        }
    }
}
