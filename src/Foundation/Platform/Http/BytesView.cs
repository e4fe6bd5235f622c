using System.Text;
using System.Text.Unicode;

namespace Groundwork.Platform.Http;

/// <summary>Bytes as JSON can carry them: as text where they are UTF-8, else in base64, in a member of its own. One of the two is null.</summary>
/// <param name="Text">The text that they are.</param>
/// <param name="Base64">The bytes, where they are no text.</param>
/// <param name="Length">How many bytes are shown.</param>
internal readonly record struct BytesView(string? Text, string? Base64, int Length)
{
    // What a character of UTF-8 may lack of its bytes where they were cut.
    private const int MaxCut = 3;

    public static BytesView Of(ReadOnlyMemory<byte> bytes, bool isCut = false)
    {
        var span = bytes.Span;
        for (var cut = 0; cut <= (isCut ? Math.Min(MaxCut, span.Length) : 0); cut++)
        {
            if (Utf8.IsValid(span[..^cut]))
                return new BytesView(Encoding.UTF8.GetString(span[..^cut]), null, span.Length - cut);
        }

        return new BytesView(null, Convert.ToBase64String(span), span.Length);
    }
}
