using System.Runtime.CompilerServices;
using System.Text;

namespace Groundwork.Platform.Experiments.Programs;

/// <summary>
/// The lines of a text that can break off anywhere: only those whose end was read. (<c>ReadLineAsync</c> would return the
/// broken last one as if it were whole, and "12" may be the beginning of "123".)
/// </summary>
internal static class WholeLines
{
    /// <summary>A longer line is refused: nobody who writes lines writes such.</summary>
    public const int LongestLine = 64 * 1024;

    /// <summary>Reads to the end.</summary>
    /// <exception cref="InvalidDataException">A line is longer than <see cref="LongestLine"/>.</exception>
    public static async IAsyncEnumerable<string> ReadAsync(
        TextReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = new char[4096];
        var begun = new StringBuilder();
        int count;
        while ((count = await reader.ReadAsync(buffer, cancellationToken)) > 0)
        {
            var from = 0;
            while (Array.IndexOf(buffer, '\n', from, count - from) is var end and >= 0)
            {
                yield return begun.Append(buffer, from, end - from).ToString().TrimEnd('\r');
                begun.Clear();
                from = end + 1;
            }

            begun.Append(buffer, from, count - from);
            if (begun.Length > LongestLine)
                throw new InvalidDataException($"A line is longer than {LongestLine} characters.");
        }
    }
}
