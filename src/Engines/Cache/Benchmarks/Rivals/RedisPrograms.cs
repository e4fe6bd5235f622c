using System.Globalization;
using System.Text.RegularExpressions;
using Groundwork.Ports.Experiments;

namespace Groundwork.Cache.Benchmarks.Rivals;

/// <summary>Redis' own programs, where they are installed: the rival, and the load that both get.</summary>
internal static partial class RedisPrograms
{
    private const string Server = "redis-server";
    private const string Load = "redis-benchmark";

    /// <summary>Why they cannot be used, and what to do; null where they can.</summary>
    public static string? Missing { get; } =
        Array.TrueForAll([Server, Load], LocalProgram.IsInPath) ? null : $"{Server} and {Load} are not in PATH: install Redis' server and tools.";

    /// <summary>Starts a server that keeps nothing on disk, and waits until it answers.</summary>
    public static Task<LocalProgram> StartServerAsync(CancellationToken cancellationToken)
    {
        var port = LastingPort.Next(new Random());
        return LocalProgram.StartServerAsync(
            Server, port, ["--port", Text(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--loglevel", "warning"], cancellationToken);
    }

    /// <summary>Puts a load on a server of either kind, and waits for its end.</summary>
    /// <param name="port">The server's.</param>
    /// <param name="arguments">What redis-benchmark is told.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How long commands took, from being sent to being answered, with those that were sent together.</returns>
    public static async Task<IReadOnlyList<Figure>> LoadAsync(int port, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var process = LocalProgram.Start(Load, ["-h", "127.0.0.1", "-p", Text(port), .. arguments]);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"{Load} ended with {process.ExitCode}: {await errors}");
            return Percentiles(output);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    // It says some percentiles only: for the 99th the 99.2nd, and for the 99.9th one just above it.
    private static IReadOnlyList<Figure> Percentiles(string output)
    {
        var said = Percentile().Matches(output)
            .Select(m => (Part: Number(m.Groups[1].Value), Milliseconds: Number(m.Groups[2].Value)))
            .ToList();
        return [.. ((double[])[50, 99, 99.9]).Where(p => said.Any(s => s.Part >= p)).Select(p => new Figure(
            string.Create(CultureInfo.InvariantCulture, $"p{p}"), said.First(s => s.Part >= p).Milliseconds, FigureUnit.Milliseconds))];
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // "99.902% <= 1.103 milliseconds (cumulative count 99902)": in both of its lists, of which the finer one comes first.
    [GeneratedRegex("([0-9.]+)% <= ([0-9.]+) milliseconds", RegexOptions.CultureInvariant)]
    private static partial Regex Percentile();
}
