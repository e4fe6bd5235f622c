using System.Runtime.CompilerServices;

namespace Groundwork.Host.Commands;

/// <summary>
/// Lines of a stream, some at a time: as many as have come, so that a slow writer's are there at once and a fast one's are sent together. Pure but for the
/// stream.
/// </summary>
internal static class LineBatches
{
    private const int ReadBytes = 64 << 10;

    /// <summary>Reads all lines, without their ends; the last one may have none.</summary>
    /// <param name="stream">From where.</param>
    /// <param name="maxLines">How many lines a batch has at most.</param>
    /// <param name="maxBytes">How many bytes, but for one line that is longer.</param>
    /// <param name="maxLine">How long a line may be.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InvalidDataException">A line is longer.</exception>
    public static async IAsyncEnumerable<IReadOnlyList<ReadOnlyMemory<byte>>> ReadAsync(
        Stream stream, int maxLines, int maxBytes, int maxLine, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rest = new MemoryStream();
        var buffer = new byte[ReadBytes];
        while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            var lines = new List<ReadOnlyMemory<byte>>();
            var bytes = 0;
            for (int from = 0, end; ; from = end + 1)
            {
                end = Array.IndexOf(buffer, (byte)'\n', from, read - from);
                rest.Write(buffer, from, (end < 0 ? read : end) - from);
                if (rest.Length > maxLine)
                    throw new InvalidDataException($"A line has more than {maxLine} bytes.");
                if (end < 0)
                    break;
                if (lines.Count == maxLines || (lines.Count > 0 && bytes + rest.Length > maxBytes))
                {
                    yield return lines;
                    (lines, bytes) = ([], 0);
                }

                bytes += (int)rest.Length;
                lines.Add(Taken(rest));
            }

            if (lines.Count > 0)
                yield return lines;
        }

        if (rest.Length > 0)
            yield return [Taken(rest)];
    }

    private static ReadOnlyMemory<byte> Taken(MemoryStream line)
    {
        var bytes = line.ToArray();
        line.SetLength(0);
        return bytes is [.., (byte)'\r'] ? bytes.AsMemory(0, bytes.Length - 1) : bytes;
    }
}
