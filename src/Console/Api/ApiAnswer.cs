using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Groundwork.Platform.Http;
using Groundwork.Platform.Serving;

namespace Groundwork.Console.Api;

/// <summary>What the API answered. Immutable.</summary>
/// <param name="Request">What was asked.</param>
/// <param name="Answer">As it came.</param>
internal sealed record ApiAnswer(ApiRequest Request, InProcessAnswer Answer)
{
    /// <summary>The HTTP status.</summary>
    public int Status => Answer.Status;

    /// <summary>Whether it is what was wanted: 2xx.</summary>
    public bool IsDone => Status is >= 200 and < 300;

    /// <summary>The body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Answer.Body.Span);

    /// <summary>A header; empty where there is none.</summary>
    public string Header(string name) => Answer.Headers[name].ToString();

    /// <summary>The body as the API speaks JSON.</summary>
    /// <exception cref="JsonException">It isn't.</exception>
    public T Read<T>()
        where T : class => JsonSerializer.Deserialize<T>(Answer.Body.Span, Lenient) ?? throw new JsonException("The body is null.");

    /// <summary>The body as a tree, where its shape is not known.</summary>
    public JsonNode? ReadTree() => JsonNode.Parse(Answer.Body.Span);

    /// <summary>What is wrong, in a sentence for people; empty where nothing is.</summary>
    public string Trouble
    {
        get
        {
            if (IsDone)
                return "";
            try
            {
                if (ReadTree() is JsonObject problem)
                    return $"{problem["title"]}. {problem["detail"]}".Trim();
            }
            catch (JsonException)
            {
                // An answer without a body, or another's.
            }

            return $"The server answered {Status}.";
        }
    }

    // What is added to an answer later must not break a page that reads the rest.
    private static JsonSerializerOptions Lenient { get; } = new(HttpJson.Options) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Skip };
}
