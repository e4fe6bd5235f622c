using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Groundwork.Testing;
using Groundwork.Testing.Processes;
using Groundwork.Testing.Servers;

namespace Groundwork.EndToEnd.Tests;

/// <summary>The program on a redis-server that speaks TLS, by a certificate of its own authority.</summary>
public sealed class EncryptedCacheTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly int _port = SparePort.Next();
    private RedisProcess _redis = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Connection => $"--Cache:Connection=127.0.0.1:{_port},ssl=true,sslHost=localhost";

    public async ValueTask InitializeAsync()
    {
        RedisProcess.Require();
        await WriteCertificateAsync();
        _redis = await RedisProcess.StartAsync(
            Cancellation, null,
            "--tls-port", _port.ToString(CultureInfo.InvariantCulture), "--tls-auth-clients", "no",
            "--tls-cert-file", _folder["redis.pem"], "--tls-key-file", _folder["redis.key"], "--tls-ca-cert-file", _folder["redis.pem"]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_redis is not null)
            await _redis.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Where_its_authority_is_trusted_links_are_kept_there_and_its_changes_are_heard()
    {
        await using var program = await GroundworkProcess.StartAsync(
            _folder["data"], new Dictionary<string, string> { ["SSL_CERT_FILE"] = _folder["redis.pem"] }, Connection);
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = program.Address };
        using var made = await http.PostAsJsonAsync("v1/urls", new { long_url = "https://example.org/", custom_alias = "summer-sale" }, Cancellation);
        using var followed = await http.GetAsync("summer-sale", Cancellation);
        Assert.Equal(HttpStatusCode.Found, followed.StatusCode);
        while (await _redis.AskAsync("DBSIZE", Cancellation) == ":0")
        {
            // Each is kept after it was answered.
            using var again = await http.GetAsync("summer-sale", Cancellation);
        }

        Assert.DoesNotContain("are not heard", program.Output, StringComparison.Ordinal);
        using var ready = await http.GetAsync("health/ready", Cancellation);
        Assert.DoesNotContain("certificate", await ready.Content.ReadAsStringAsync(Cancellation), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Where_it_is_not_trusted_links_work_without_it_and_the_log_says_why()
    {
        await using var program = await GroundworkProcess.StartAsync(_folder["data"], Connection);
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = program.Address };
        using var made = await http.PostAsJsonAsync("v1/urls", new { long_url = "https://example.org/", custom_alias = "summer-sale" }, Cancellation);
        using var followed = await http.GetAsync("summer-sale", Cancellation);

        Assert.Equal(HttpStatusCode.Found, followed.StatusCode);
        Assert.Equal(":0", await _redis.AskAsync("DBSIZE", Cancellation));
        while (!program.Output.Contains("do not agree on TLS: The remote certificate is invalid", StringComparison.Ordinal))
            await Task.Delay(10, Cancellation);
        Assert.Contains("SSL_CERT_FILE", program.Output, StringComparison.Ordinal);
    }

    private async Task WriteCertificateAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        await File.WriteAllTextAsync(_folder["redis.pem"], certificate.ExportCertificatePem(), Cancellation);
        await File.WriteAllTextAsync(_folder["redis.key"], key.ExportPkcs8PrivateKeyPem(), Cancellation);
    }
}
