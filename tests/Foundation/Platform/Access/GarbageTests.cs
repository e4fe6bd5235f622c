using System.Net.Sockets;
using System.Text;
using CsCheck;
using Groundwork.Platform.Access;
using Groundwork.Platform.Access.Keys;
using Groundwork.Primitives;

namespace Groundwork.Platform.Tests.Access;

public sealed class GarbageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_header_makes_the_server_fail_or_lets_anyone_in()
    {
        await using var authority = await TestAuthority.StartedAsync();
        await using var access = await AccessInstance.StartedAsync(
            (AccessOptions.Authority, authority.Address.AbsoluteUri), (AccessOptions.Audience, "groundwork"));
        var (_, key) = await access.MakeKeyAsync("admin", "*");
        var token = authority.Token(access.Time.GetUtcNow().AddHours(1), "*");
        var port = access.Instance.Address!.Port;

        var noise = Gen.Byte.Where(b => b is not (0 or (byte)'\r' or (byte)'\n')).Array[0, 200];
        var valid = Gen.OneOf($"Bearer {key}", $"Bearer {token}");
        var damaged = Gen.Select(valid, Gen.Int[7, 50], Gen.OneOf("", "!", ".", "..", "\t", "é"))
            .Select((text, at, other) => Encoding.Latin1.GetBytes(text[..at] + other + text[(at + 1)..]));
        var prefixed = Gen.Select(Gen.OneOf("Bearer ", "Bearer gw_", "bearer eyJhbGciOiJSUzI1NiJ9.", "Basic ", " ", ","), noise)
            .Select((prefix, rest) => (byte[])[.. Encoding.ASCII.GetBytes(prefix), .. rest]);
        var name = Gen.OneOf("Authorization", "X-Api-Key");

        await Gen.Select(name, Gen.OneOf<byte[]>([noise, damaged, prefixed])).SampleAsync(
            async (header, value) =>
            {
                var status = await StatusAsync(port, header, value);
                Assert.True(status is 400 or 401, $"{header}: {Encoding.Latin1.GetString(value)} gave {status}");
            },
            iter: 500, threads: 1);
    }

    [Fact]
    public void A_key_is_read_back_and_a_key_with_one_other_character_is_another_or_none()
    {
        Gen.Select(Gen.Int[0, 58], Gen.Char[Base62.Alphabet]).Sample((at, other) =>
        {
            var (text, verifier) = ApiKey.Create(ApiKey.CreateId());
            var read = new byte[ApiKey.VerifierLength];
            Assert.True(ApiKey.TryParse(text, out var id, read));
            Assert.Equal(text[3..15], id.ToString());
            Assert.Equal(verifier, read);

            var changed = text[..at] + other + text[(at + 1)..];
            Assert.True(changed == text || !ApiKey.TryParse(changed, out id, read) || text[3..15] != id.ToString() || !verifier.AsSpan().SequenceEqual(read));
        });
    }

    // Sent as bytes: a client library would refuse most of it.
    private static async Task<int> StatusAsync(int port, string header, byte[] value)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, Cancellation);
        await using var stream = client.GetStream();
        byte[] request =
        [
            .. Encoding.ASCII.GetBytes($"GET /v1/toys HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{header}: "),
            .. value,
            .. "\r\n\r\n"u8,
        ];
        await stream.WriteAsync(request, Cancellation);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var line = await reader.ReadLineAsync(Cancellation);
        return int.Parse(line!.Split(' ')[1], provider: null);
    }
}
