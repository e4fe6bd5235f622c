using System.Text.Json;
using System.Text.Json.Nodes;
using Groundwork.Platform.Http;

namespace Groundwork.Console.Api;

/// <summary>Why the API did not do it. Immutable.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Slug">The kind of problem: <c>alias-taken</c>.</param>
/// <param name="Title">The kind in words.</param>
/// <param name="Detail">What is wrong this time.</param>
/// <param name="Path">The member that it is about, and where in it: <c>limits[0].permits</c>; empty where it is about none.</param>
public sealed record Refusal(int Status, string Slug, string Title, string Detail, string Path)
{
    /// <summary>The outermost member: what is wrong within another is shown at the field of that one, tags[2] at tags.</summary>
    public string Member => Path.Split('[', '.')[0];

    /// <summary>Reads an answer that isn't what was wanted.</summary>
    internal static Refusal Of(ApiAnswer answer)
    {
        try
        {
            if (answer.ReadTree() is JsonObject problem)
            {
                var slug = problem["type"]?.ToString() ?? "";
                return new Refusal(
                    answer.Status, slug[(slug.LastIndexOf('/') + 1)..], problem["title"]?.ToString() ?? "", problem["detail"]?.ToString() ?? "",
                    problem["member"]?.ToString() ?? "");
            }
        }
        catch (JsonException)
        {
            // An answer without a body.
        }

        return new Refusal(answer.Status, "", $"The server answered {answer.Status}", "It said no more; the log may.", "");
    }

    /// <summary>Shows the refusal as the page, where there is nothing else to show.</summary>
    public ProblemException AsPage() => new(new Problem(Slug, Status, Title).Result(Detail));

    /// <summary>What to write at a field; null where the refusal is not about it.</summary>
    public string? At(string member) => Member == member ? Detail : null;
}
