using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Groundwork.Host.Output;

/// <summary>Standard output for a command that writes on and on: one that says when whoever read it has gone.</summary>
internal static class PipedOutput
{
    private const int StandardOutput = 1;

    /// <summary>The writer itself, but where it is a pipe or a file. The framework's own writes to a closed pipe as if somebody read it; and a file stream writes to a
    /// file by places that it counts for itself, over which the next program of the same shell would write.</summary>
    /// <param name="output">Where results go.</param>
    /// <returns>Throws an <see cref="IOException"/> where nobody reads any more.</returns>
    public static TextWriter Of(TextWriter output)
    {
        if (!ReferenceEquals(output, System.Console.Out) || !System.Console.IsOutputRedirected)
            return output;
        Stream stream = new FileStream(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return new StreamWriter(stream.CanSeek ? System.Console.OpenStandardOutput() : stream, new UTF8Encoding(false));
    }
}
