using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Groundwork.Console.Live;

/// <summary>A region as it was rendered, on its way to all who look at it. Immutable; written once, however many they are.</summary>
/// <param name="key">Which region.</param>
/// <param name="html">What it shows.</param>
internal sealed class LiveEvent(string key, string html)
{
    // It goes to a script, never into a page as it is: what is escaped for HTML within is enough.
    internal static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lazy<byte[]> _bytes = new(() => Write("region", JsonSerializer.Serialize(new { key, html }, Plain)));

    public string Key => key;

    public string Html => html;

    /// <summary>As the stream has it.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.Value;

    /// <summary>An event of a stream.</summary>
    public static byte[] Write(string name, string json) => Encoding.UTF8.GetBytes($"event: {name}\ndata: {json}\n\n");
}
