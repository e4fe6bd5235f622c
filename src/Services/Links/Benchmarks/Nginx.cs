using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Groundwork.Links.Benchmarks;

/// <summary>
/// nginx with nothing in it but a constant <c>return 302</c>: what a server in C does, to be compared with. Two workers at most, no
/// access log, connections kept. It ends when it is disposed, and with this process: a shell holds it that waits for the end of
/// its own input.
/// </summary>
internal sealed class Nginx : IAsyncDisposable
{
    private static readonly string[] Places = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/local/bin/nginx", "/opt/homebrew/bin/nginx"];

    private readonly Process _shell;

    private Nginx(Process shell, Uri address) => (_shell, Address) = (shell, address);

    /// <summary>Where it is installed; null where it isn't.</summary>
    public static string? Program => OperatingSystem.IsWindows() ? null : Places.FirstOrDefault(File.Exists);

    /// <summary>The shell's, whose children are nginx and its workers.</summary>
    public int ProcessId => _shell.Id;

    /// <summary>Where it serves.</summary>
    public Uri Address { get; }

    /// <summary>Starts it.</summary>
    /// <param name="program">See <see cref="Program"/>.</param>
    /// <param name="folder">An empty one for its files.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<Nginx> StartAsync(string program, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var port = SparePort();
        var configuration = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(configuration, Configuration(folder, port), cancellationToken);
        var shell = Process.Start(new ProcessStartInfo(
            "/bin/sh", ["-c", "\"$0\" -p \"$1\" -c \"$2\" -e \"$1/error.log\" & n=$!; read end; kill $n; wait $n", program, folder, configuration])
        { RedirectStandardInput = true })!;
        var nginx = new Nginx(shell, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/")));
        try
        {
            await nginx.WaitAsync(cancellationToken);
            return nginx;
        }
        catch
        {
            await nginx.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync(CancellationToken.None);
        _shell.Dispose();
    }

    private static string Configuration(string folder, int port) => string.Create(CultureInfo.InvariantCulture, $$"""
        daemon off;
        worker_processes {{Math.Min(2, Environment.ProcessorCount)}};
        pid {{folder}}/nginx.pid;
        events { worker_connections 1024; }
        http {
            access_log off;
            server_tokens off;
            keepalive_requests 1000000000;
            client_body_temp_path {{folder}}/body;
            proxy_temp_path {{folder}}/proxy;
            fastcgi_temp_path {{folder}}/fastcgi;
            uwsgi_temp_path {{folder}}/uwsgi;
            scgi_temp_path {{folder}}/scgi;
            server {
                listen 127.0.0.1:{{port}};
                location / {
                    add_header Cache-Control no-store always;
                    return 302 https://example.org/articles/2026/1/what-it-is-about;
                }
            }
        }
        """);

    private static int SparePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < 100 && !_shell.HasExited; attempt++)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, Address.Port, cancellationToken);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(50, cancellationToken);
            }
        }

        throw new InvalidOperationException("nginx does not answer; its error log says why.");
    }
}
