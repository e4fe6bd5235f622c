using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Groundwork.Host.Output;

/// <summary>Standard output for a command that writes on and on: one that says when whoever read it has gone.</summary>
internal static class PipedOutput
{
    private const int StandardOutput = 1;

    /// <summary>The writer itself, but where it is a pipe or a file: the framework's own writes to a closed pipe as if somebody read it.</summary>
    /// <param name="output">Where results go.</param>
    /// <returns>Throws an <see cref="IOException"/> where nobody reads any more.</returns>
    public static TextWriter Of(TextWriter output) => ReferenceEquals(output, System.Console.Out) && System.Console.IsOutputRedirected
        ? new StreamWriter(new FileStream(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0), new UTF8Encoding(false))
        : output;
}
