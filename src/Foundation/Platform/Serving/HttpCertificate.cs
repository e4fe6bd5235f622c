using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Groundwork.Platform.Http;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Serving;

/// <summary>
/// The certificate with which HTTP is served, from PEM files that may be replaced at any time: the chain (leaf first), and the leaf's key.
/// </summary>
/// <remarks>
/// <para>While handshakes go on, the files are read again every <see cref="CheckEvery"/> and compared as texts: the times of
/// files say nothing behind the symbolic links of Kubernetes and certbot. New files that do not go together or have expired
/// leave the certificate in force, and an error in the log: whoever replaces two files one after the other passes through
/// that for a moment. Connections keep the certificate with which they began.</para>
/// <para>Safe for concurrent use: one handshake reads, the others go on with what is in force.</para>
/// </remarks>
internal sealed class HttpCertificate(SettingValues settings, TimeProvider time, ILogger<HttpCertificate> logger) : IDisposable
{
    /// <summary>How often the files are looked at.</summary>
    public static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(2);

    private const long MaxBytes = 1 << 20;

    private readonly string _certificatePath = Path.GetFullPath(settings.Get(HttpOptions.Certificate));
    private readonly string _keyPath = Path.GetFullPath(settings.Get(HttpOptions.CertificateKey));
    private readonly SemaphoreSlim _reading = new(1);
    private volatile Loaded? _loaded;
    private string? _refused;
    private long _checkedAt;

    /// <summary>Loads it for the first time.</summary>
    /// <exception cref="StartRefusedException">It cannot be used; the message says why.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        try
        {
            _loaded = Load(await ReadAsync(cancellationToken));
            _checkedAt = time.GetTimestamp();
        }
        catch (Exception e) when (IsExpected(e))
        {
            throw new StartRefusedException(
                $"The certificate {_certificatePath} with the key {_keyPath} cannot be used: {e.Message} "
                + "Set Http:Certificate and Http:CertificateKey to PEM files, the key without a password; or leave both out to serve without TLS.", e);
        }
    }

    /// <summary>How Kestrel asks for it.</summary>
    public TlsHandshakeCallbackOptions ForHandshakes() => new() { OnConnection = context => CurrentAsync(context.CancellationToken) };

    public void Dispose() => _reading.Dispose();

    private async ValueTask<SslServerAuthenticationOptions> CurrentAsync(CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(Volatile.Read(ref _checkedAt)) >= CheckEvery && await _reading.WaitAsync(0, cancellationToken))
        {
            try
            {
                await ReloadAsync(cancellationToken);
                Volatile.Write(ref _checkedAt, time.GetTimestamp());
            }
            finally
            {
                _reading.Release();
            }
        }

        return new SslServerAuthenticationOptions { ServerCertificateContext = _loaded!.Context };
    }

    private async Task ReloadAsync(CancellationToken cancellationToken)
    {
        var text = "";
        try
        {
            var files = await ReadAsync(cancellationToken);
            text = files.Certificate + files.Key;
            if (files == _loaded!.Files)
                return;
            _loaded = Load(files);
            _refused = null;
            HttpCertificateLog.Replaced(logger, _certificatePath, _loaded.Leaf.NotAfter.ToUniversalTime());
        }
        catch (Exception e) when (IsExpected(e))
        {
            if (_refused != text) // once for each content, not at every look
                HttpCertificateLog.KeptOld(logger, _certificatePath, e.Message);
            _refused = text;
        }
    }

    private async Task<Files> ReadAsync(CancellationToken cancellationToken)
    {
        foreach (var path in new[] { _certificatePath, _keyPath })
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaxBytes })
                throw new InvalidDataException($"{path} is larger than {MaxBytes} bytes.");
        }

        return new(await File.ReadAllTextAsync(_certificatePath, cancellationToken), await File.ReadAllTextAsync(_keyPath, cancellationToken));
    }

    private Loaded Load(Files files)
    {
        var leaf = X509Certificate2.CreateFromPem(files.Certificate, files.Key);
        if (OperatingSystem.IsWindows()) // whose TLS takes no keys that live in memory only
            leaf = X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), null);

        var now = time.GetUtcNow();
        if (now >= leaf.NotAfter.ToUniversalTime())
            throw new InvalidDataException($"It expired at {leaf.NotAfter.ToUniversalTime():u}.");
        if (now < leaf.NotBefore.ToUniversalTime())
            throw new InvalidDataException($"It is valid only from {leaf.NotBefore.ToUniversalTime():u}.");

        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(files.Certificate);
        return new Loaded(files, leaf, SslStreamCertificateContext.Create(leaf, chain, offline: true));
    }

    private static bool IsExpected(Exception e) =>
        e is IOException or UnauthorizedAccessException or CryptographicException or InvalidDataException or ArgumentException;

    private sealed record Files(string Certificate, string Key);

    private sealed record Loaded(Files Files, X509Certificate2 Leaf, SslStreamCertificateContext Context);
}

internal static partial class HttpCertificateLog
{
    [LoggerMessage(1, LogLevel.Information, "The certificate {Path} was replaced; the new one ends at {NotAfter:u}.")]
    public static partial void Replaced(ILogger logger, string path, DateTime notAfter);

    [LoggerMessage(2, LogLevel.Error, "The new certificate {Path} cannot be used, and the old one stays in force: {Reason}")]
    public static partial void KeptOld(ILogger logger, string path, string reason);
}
