using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Groundwork.Console.Shell;

/// <summary>What became of an action, told on the page to which it leads, once: in a cookie, so that any copy of the program can tell it.</summary>
/// <param name="Tone">How it went.</param>
/// <param name="Text">One sentence, plain text; at most <see cref="MaxLength"/> characters are kept.</param>
internal sealed record Notice(NoticeTone Tone, string Text)
{
    public const int MaxLength = 600;

    private const string Cookie = "gw-notice";

    private static readonly CookieOptions Options = new()
    {
        Path = "/_/",
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        MaxAge = TimeSpan.FromMinutes(1),
        IsEssential = true,
    };

    public static Notice Done(string text) => new(NoticeTone.Good, text);

    public static Notice Failed(string text) => new(NoticeTone.Bad, text);

    /// <summary>Leaves it for the next page.</summary>
    public void Leave(HttpContext http)
    {
        var text = Text.Length > MaxLength ? Text[..(MaxLength - 1)] + "…" : Text;
        http.Response.Cookies.Append(Cookie, WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes($"{(int)Tone}{text}")), Options);
    }

    /// <summary>Takes what the last action left; null where it left nothing.</summary>
    public static Notice? Take(HttpContext http)
    {
        if (http.Request.Cookies[Cookie] is not { Length: > 0 and < 4096 } value)
            return null;
        if (!http.Response.HasStarted)
            http.Response.Cookies.Delete(Cookie, new CookieOptions { Path = Options.Path, HttpOnly = true, SameSite = SameSiteMode.Strict });
        try
        {
            var text = Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(value));
            return text.Length > 1 ? new Notice(text[0] == '1' ? NoticeTone.Bad : NoticeTone.Good, text[1..]) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}

/// <summary>How an action went.</summary>
internal enum NoticeTone
{
    Good,
    Bad,
}
