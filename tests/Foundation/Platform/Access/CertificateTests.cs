using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Groundwork.Platform.Http;
using Groundwork.Platform.Serving;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Tests.Access;

public sealed class CertificateTests : IAsyncLifetime
{
    private readonly AccessInstance _access = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private (Setting, string)[] Settings => [(HttpOptions.Certificate, _access.Folder["tls.crt"]), (HttpOptions.CertificateKey, _access.Folder["tls.key"])];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _access.DisposeAsync();

    [Fact]
    public async Task Http_is_served_with_the_whole_chain_of_the_certificate()
    {
        var leaf = Write(_access.Time.GetUtcNow().AddDays(30));
        await _access.StartAsync(Settings);

        Assert.Equal("https", _access.Instance.Address!.Scheme);
        var (shown, sent) = await HandshakeAsync();
        Assert.Equal(leaf, shown);
        Assert.Contains("CN=between", sent);
    }

    [Fact]
    public async Task Files_that_were_replaced_are_served_within_seconds_and_broken_ones_never()
    {
        Write(_access.Time.GetUtcNow().AddDays(30));
        await _access.StartAsync(Settings);

        var second = Write(_access.Time.GetUtcNow().AddDays(60));
        _access.Time.Advance(HttpCertificate.CheckEvery);
        Assert.Equal(second, (await HandshakeAsync()).Leaf);

        await File.WriteAllTextAsync(_access.Folder["tls.crt"], "half a certifi", Cancellation);
        _access.Time.Advance(HttpCertificate.CheckEvery);
        Assert.Equal(second, (await HandshakeAsync()).Leaf);
        File.Delete(_access.Folder["tls.key"]);
        _access.Time.Advance(HttpCertificate.CheckEvery);
        Assert.Equal(second, (await HandshakeAsync()).Leaf);
        Write(_access.Time.GetUtcNow().AddMinutes(-1));
        _access.Time.Advance(HttpCertificate.CheckEvery);
        Assert.Equal(second, (await HandshakeAsync()).Leaf);
        Assert.Contains(_access.Log.Lines, l => l.Level == LogLevel.Error && l.Text.Contains("stays in force", StringComparison.Ordinal));

        var third = Write(_access.Time.GetUtcNow().AddDays(90));
        _access.Time.Advance(HttpCertificate.CheckEvery);
        Assert.Equal(third, (await HandshakeAsync()).Leaf);
    }

    [Fact]
    public async Task A_certificate_that_is_missing_or_has_expired_stops_the_start()
    {
        var missing = await Assert.ThrowsAsync<StartRefusedException>(() => _access.StartAsync(Settings));
        Assert.Contains(_access.Folder["tls.crt"], missing.Message, StringComparison.Ordinal);
        await _access.StopAsync();

        Write(_access.Time.GetUtcNow().AddMinutes(-1));
        var expired = await Assert.ThrowsAsync<StartRefusedException>(() => _access.StartAsync(Settings));
        Assert.Contains("expired", expired.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_certificate_HTTP_2_is_spoken_on_every_port()
    {
        var leaf = Write(_access.Time.GetUtcNow().AddDays(30));
        await _access.StartAsync([.. Settings, (HttpOptions.ListenHttp2, "127.0.0.1:0")]);
        using var client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => ((X509Certificate2)shown!).Thumbprint == leaf },
        })
        {
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        foreach (var address in (Uri[])[_access.Instance.Address!, _access.Instance.Http2Address!])
        {
            Assert.Equal("https", address.Scheme);
            using var answer = await client.GetAsync(new Uri(address, "open"), Cancellation);
            Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (answer.StatusCode, answer.Version));
        }
    }

    [Theory]
    [InlineData("a", "", "Http:CertificateKey")]
    [InlineData("", "a", "Http:Certificate")]
    public void One_file_without_the_other_is_a_settings_error(string certificate, string key, string blamed)
    {
        var settings = SettingValues.Of((HttpOptions.Certificate, certificate), (HttpOptions.CertificateKey, key));

        Assert.Equal(blamed, Assert.Single(new HttpModule().Validate(settings)).Name);
    }

    /// <summary>Writes a fresh chain and key, and returns the leaf's thumbprint.</summary>
    private string Write(DateTimeOffset notAfter)
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var betweenKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var from = notAfter.AddDays(-365);
        using var root = Authority("CN=root", rootKey).CreateSelfSigned(from, notAfter);
        using var betweenAlone = Authority("CN=between", betweenKey).Create(root, from, notAfter, RandomNumberGenerator.GetBytes(8));
        using var between = betweenAlone.CopyWithPrivateKey(betweenKey);
        using var leaf = new CertificateRequest("CN=localhost", leafKey, HashAlgorithmName.SHA256)
            .Create(between, from, notAfter, RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(_access.Folder["tls.crt"], $"{leaf.ExportCertificatePem()}\n{between.ExportCertificatePem()}\n");
        File.WriteAllText(_access.Folder["tls.key"], leafKey.ExportPkcs8PrivateKeyPem());
        return leaf.Thumbprint;
    }

    private static CertificateRequest Authority(string name, ECDsa key)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request;
    }

    /// <summary>Makes a new connection, and returns the leaf's thumbprint and the names of what was sent with it.</summary>
    private async Task<(string Leaf, IReadOnlyList<string> Sent)> HandshakeAsync()
    {
        var leaf = "";
        var sent = new List<string>();
        using var client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
                {
                    leaf = ((X509Certificate2)certificate!).Thumbprint;
                    sent.AddRange(chain!.ChainPolicy.ExtraStore.Select(c => c.Subject));
                    return true;
                },
            },
        });
        using var response = await client.GetAsync(new Uri(_access.Instance.Address!, "open"), Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (leaf, sent);
    }
}
