using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Groundwork.Console.Shell;
using Groundwork.Platform.Serving;

namespace Groundwork.Console.Api;

/// <summary>
/// A request to the program's own HTTP API: what the console sends, and what it shows to be pasted. They are the same, since
/// both are made from this. Immutable.
/// </summary>
/// <param name="Method">Such as <c>POST</c>.</param>
/// <param name="Path">With its query, from the root on: <c>/v1/urls?limit=10</c>.</param>
internal sealed record ApiRequest(string Method, string Path)
{
    /// <summary>By name, beside the body's type.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Text in UTF-8; null where there is none.</summary>
    public string? Body { get; init; }

    /// <summary>The body's type.</summary>
    public string BodyType { get; init; } = "application/json";

    public static ApiRequest Get(string path) => new("GET", path);

    public static ApiRequest Post(string path, JsonNode body) => new("POST", path) { Body = body.ToJsonString(Readable) };

    public static ApiRequest Patch(string path, JsonNode body) =>
        new("PATCH", path) { Body = body.ToJsonString(Readable), BodyType = "application/merge-patch+json" };

    public static ApiRequest Delete(string path) => new("DELETE", path);

    // Double quotes, so that the shell puts the key in; the page does not know it any more.
    private const string KeyHeader = " -H \"Authorization: Bearer $GROUNDWORK_KEY\"";

    private static JsonSerializerOptions Readable { get; } =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The request as a command line for the shell of whoever looks: with their key, by a name in its place, where one is asked for.</summary>
    public string Curl(Viewer viewer) => Curl(viewer.Root, viewer.NeedsKey ? KeyHeader : "");

    /// <summary>The request as a command line for a POSIX shell.</summary>
    /// <param name="root">Under which address the server is reached.</param>
    /// <param name="more">Further words of the command, as they stand.</param>
    public string Curl(Uri root, string more = "")
    {
        var line = new StringBuilder("curl -s").Append(more);
        if (Method == "GET" && Body is null)
            line.Append(' ');
        else
            line.Append(" -X ").Append(Method).Append(' ');
        line.Append(Quoted(new Uri(root, Path).AbsoluteUri));
        foreach (var (name, value) in AllHeaders)
            line.Append(" -H ").Append(Quoted($"{name}: {value}"));
        if (Body is not null)
            line.Append(" --data-raw ").Append(Quoted(Body));
        return line.ToString();
    }

    internal InProcessRequest ToInProcess(Uri root) =>
        new(Method, new Uri(root, Path), AllHeaders, Body is null ? default : Encoding.UTF8.GetBytes(Body));

    private IReadOnlyList<KeyValuePair<string, string>> AllHeaders =>
        Body is null ? Headers : [new("content-type", BodyType), .. Headers];

    /// <summary>A text as one word of a POSIX shell. In single quotes it takes everything as it is, but the quote itself.</summary>
    internal static string Quoted(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or ':' or '.' or '-' or '_' or '=' or ',' or '@' or '%' or '+')
            ? text
            : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
