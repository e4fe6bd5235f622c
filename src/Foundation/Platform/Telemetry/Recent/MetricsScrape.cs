using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Groundwork.Platform.Telemetry.Recent;

/// <summary>
/// What <c>/metrics</c> shows, read in process through the exporter's own middleware, so that nothing beyond what the exporter
/// does anyway is done for a request. Not for concurrent use.
/// </summary>
internal sealed class MetricsScrape(IServiceProvider services) : IDisposable
{
    private readonly MemoryStream _body = new();
    private RequestDelegate? _read;
    private char[] _text = [];

    /// <summary>The text; holds until the next reading. Empty where the exporter failed.</summary>
    public async Task<ReadOnlyMemory<char>> ReadAsync()
    {
        _read ??= new ApplicationBuilder(services).UseOpenTelemetryPrometheusScrapingEndpoint(_ => true).Build();
        _body.SetLength(0);
        var context = new DefaultHttpContext { RequestServices = services };
        context.Request.Method = HttpMethods.Get;
        context.Response.Body = _body;
        await _read(context);
        if (context.Response.StatusCode != StatusCodes.Status200OK)
            return default;

        var bytes = _body.GetBuffer().AsSpan(0, (int)_body.Length);
        if (_text.Length < bytes.Length)
        {
            if (_text.Length > 0)
                ArrayPool<char>.Shared.Return(_text);
            _text = ArrayPool<char>.Shared.Rent(bytes.Length);
        }

        return _text.AsMemory(0, Encoding.UTF8.GetChars(bytes, _text));
    }

    public void Dispose() => _body.Dispose();
}
