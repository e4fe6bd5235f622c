using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using Groundwork.Platform.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Groundwork.Console.Assets;

/// <summary>
/// The console's scripts and styles, inside the assembly: <c>/_/assets/{name}.{fingerprint}.{extension}</c>. A fingerprint is
/// of the content, so what was fetched once is never asked for again. Immutable; each is compressed when first asked for.
/// </summary>
internal static class ConsoleAssets
{
    public const string Root = "/_/assets/";

    private const string Prefix = "assets/";
    private const string ForEver = "public, max-age=31536000, immutable";

    private static readonly FrozenDictionary<string, Asset> ByName = typeof(ConsoleAssets).Assembly.GetManifestResourceNames()
        .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(n => Asset.Read(n[Prefix.Length..], n))
        .ToFrozenDictionary(a => a.Name, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Asset> ByFile =
        ByName.Values.ToFrozenDictionary(a => a.File, StringComparer.Ordinal);

    /// <summary>The address of an asset by its plain name: <c>console.css</c>.</summary>
    public static string Address(string name) => Root + ByName[name].File;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet(Root + "{file}", Serve)
        .Public("Scripts and styles; the same for everyone.")
        .ExcludeFromDescription();

    private static IResult Serve(string file, HttpContext http)
    {
        // A page of another version may be open while this one runs: it gets what there is, to be asked for again.
        if (!ByFile.TryGetValue(file, out var asset))
            return Platform.Http.Problem.NotFound.Result("There is no such asset in this version; load the page again.");

        var headers = http.Response.Headers;
        headers.CacheControl = ForEver;
        headers.XContentTypeOptions = "nosniff";
        headers.Vary = "Accept-Encoding";
        foreach (var encoding in new[] { "br", "gzip" })
        {
            if (!Accepts(http.Request, encoding))
                continue;
            headers.ContentEncoding = encoding;
            return Results.Bytes(asset.Compressed(encoding), asset.Type);
        }

        return Results.Bytes(asset.Content, asset.Type);
    }

    /// <summary>Whether a browser takes an encoding; one that it refuses by <c>q=0</c> it does not name at all in practice.</summary>
    public static bool Accepts(HttpRequest request, string encoding) =>
        request.Headers.AcceptEncoding.ToString().Split(',').Any(e => e.AsSpan().Trim().Equals(encoding, StringComparison.OrdinalIgnoreCase));

    private sealed record Asset(string Name, string File, string Type, byte[] Content)
    {
        private readonly Lazy<byte[]> _brotli = new(() => Compress(Content, s => new BrotliStream(s, CompressionLevel.SmallestSize)));
        private readonly Lazy<byte[]> _gzip = new(() => Compress(Content, s => new GZipStream(s, CompressionLevel.SmallestSize)));

        public static Asset Read(string name, string resource)
        {
            using var stream = typeof(ConsoleAssets).Assembly.GetManifestResourceStream(resource)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            var mark = Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 5));
            var extension = Path.GetExtension(name);
            var type = extension switch
            {
                ".css" => "text/css; charset=utf-8",
                ".js" => "text/javascript; charset=utf-8",
                ".svg" => "image/svg+xml",
                _ => "application/octet-stream",
            };
            return new Asset(name, $"{Path.GetFileNameWithoutExtension(name)}.{mark}{extension}", type, content);
        }

        public byte[] Compressed(string encoding) => encoding == "br" ? _brotli.Value : _gzip.Value;

        private static byte[] Compress(byte[] content, Func<Stream, Stream> over)
        {
            var target = new MemoryStream();
            using (var stream = over(target))
                stream.Write(content);
            return target.ToArray();
        }
    }
}
