using System.Diagnostics.CodeAnalysis;
using System.Text;
using Groundwork.Links.Qr;
using Groundwork.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using QRCoder;

namespace Groundwork.Links;

/// <summary><c>GET /v1/urls/{code}/qr.svg</c>.</summary>
internal static class QrEndpoint
{
    public const string MediaType = "image/svg+xml";

    // A short address never changes; whoever may see it may keep its picture.
    private const string Caching = "private, max-age=3600";

    public static async Task<IResult> HandleAsync(
        string code, [AsParameters] QrRequest request, HttpContext http, Shortener shortener, LinksOptions options, CancellationToken cancellationToken)
    {
        if (!TryRead(request, out var style, out var problem))
            return problem;
        if (await shortener.FindAsync(code, cancellationToken) is not { } link)
            return LinksProblems.NotThere(code);
        var address = ShortAddress.Of(link.Code, http.Request, options);
        if (Encoding.UTF8.GetByteCount(address) > QrPicture.MaxBytes)
            return Problem.InvalidRequest.Result($"The short address is longer than the {QrPicture.MaxBytes} bytes that fit in a QR code.");

        var picture = Encoding.UTF8.GetBytes(QrPicture.Draw(address, style));
        http.Response.Headers.CacheControl = Caching;
        return EntityTag.OfContent(picture).On(Results.Bytes(picture, MediaType));
    }

    private static bool TryRead(QrRequest request, [NotNullWhen(true)] out QrStyle? style, [NotNullWhen(false)] out ProblemResult? problem)
    {
        var (size, margin) = (request.Size ?? QrStyle.DefaultSize, request.Margin ?? QrStyle.DefaultMargin);
        var (dark, light) = (HexColour.Black, HexColour.White);
        (style, problem) = (null, null);
        if (size is < QrStyle.MinSize or > QrStyle.MaxSize)
            problem = LinksProblems.Invalid("size", $"size must be {QrStyle.MinSize} to {QrStyle.MaxSize} pixels, not {size}.");
        else if (margin is < 0 or > QrStyle.MaxMargin)
            problem = LinksProblems.Invalid("margin", $"margin must be 0 to {QrStyle.MaxMargin} modules, not {margin}.");
        else if (CorrectionOf(request.Ecc) is not { } correction)
            problem = LinksProblems.Invalid("ecc", "ecc must be l, m, q or h: how much of the code may be damaged, from 7% to 30%.");
        else if (!string.IsNullOrEmpty(request.Dark) && !HexColour.TryRead(request.Dark, out dark))
            problem = BadColour("dark");
        else if (!string.IsNullOrEmpty(request.Light) && !HexColour.TryRead(request.Light, out light))
            problem = BadColour("light");
        else if (dark == light)
            problem = LinksProblems.Invalid("light", "light and dark are the same colour; nobody could read the code.");
        else
            style = new QrStyle(size, margin, correction, dark, light);
        return style is not null;
    }

    private static QRCodeGenerator.ECCLevel? CorrectionOf(string? letter) => letter switch
    {
        "l" or "L" => QRCodeGenerator.ECCLevel.L,
        null or "" or "m" or "M" => QRCodeGenerator.ECCLevel.M,
        "q" or "Q" => QRCodeGenerator.ECCLevel.Q,
        "h" or "H" => QRCodeGenerator.ECCLevel.H,
        _ => null,
    };

    private static ProblemResult BadColour(string member) =>
        LinksProblems.Invalid(member, $"{member} must be a colour of three or six hexadecimal digits, such as 1a2b3c.");
}

/// <summary>How the QR code is to look.</summary>
/// <param name="Size">Width and height in pixels: 32 to 4,096, by default 256.</param>
/// <param name="Margin">The quiet zone around it, in modules: 0 to 32, by default the four that readers are promised.</param>
/// <param name="Ecc">How much of it may be damaged: l, m (the default), q or h.</param>
/// <param name="Dark">The colour of the modules, three or six hexadecimal digits; by default 000000.</param>
/// <param name="Light">The colour behind them; by default ffffff.</param>
internal readonly record struct QrRequest(
    [property: FromQuery(Name = "size")] int? Size,
    [property: FromQuery(Name = "margin")] int? Margin,
    [property: FromQuery(Name = "ecc")] string? Ecc,
    [property: FromQuery(Name = "dark")] string? Dark,
    [property: FromQuery(Name = "light")] string? Light);
