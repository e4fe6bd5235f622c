using System.Text;

namespace Groundwork.Platform.Serving;

/// <summary>The serializer's paths, <c>$.items[2]['odd name']</c>, taken apart and shown to people.</summary>
internal static class JsonPath
{
    /// <summary>The path's steps: names, and numbers in brackets (<c>[2]</c>).</summary>
    public static IReadOnlyList<string> Parse(string path)
    {
        var steps = new List<string>();
        var rest = path.AsSpan(path.StartsWith('$') ? 1 : 0);
        while (!rest.IsEmpty)
        {
            int length;
            if (rest.StartsWith("['"))
            {
                length = rest.LastIndexOf("']") is var end and > 1 ? end : rest.Length;
                steps.Add(rest[2..length].ToString());
                length = Math.Min(length + 2, rest.Length);
            }
            else if (rest[0] == '[')
            {
                length = rest.IndexOf(']') + 1;
                length = length == 0 ? rest.Length : length;
                steps.Add(rest[..length].ToString());
            }
            else
            {
                var begin = rest[0] == '.' ? 1 : 0;
                var end = rest[begin..].IndexOfAny('.', '[');
                length = end < 0 ? rest.Length : begin + Math.Max(end, 1);
                steps.Add(rest[begin..length].ToString());
            }

            rest = rest[length..];
        }

        return steps;
    }

    /// <summary>As people write it: <c>items[2].amount</c>; empty for the body itself.</summary>
    public static string Show(IReadOnlyList<string> steps)
    {
        var shown = new StringBuilder();
        foreach (var step in steps)
        {
            if (shown.Length > 0 && !step.StartsWith('['))
                shown.Append('.');
            shown.Append(Shown.Text(step));
        }

        return shown.ToString();
    }
}
