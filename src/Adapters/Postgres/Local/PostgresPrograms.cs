using System.Diagnostics;

namespace Groundwork.Postgres.Local;

/// <summary>
/// PostgreSQL's installed programs, and how to run them: as another user where we are root, whom they refuse.
/// </summary>
internal sealed class PostgresPrograms
{
    private static readonly string[] Needed = ["initdb", "postgres", "pg_ctl", "pg_basebackup"];
    private static readonly string[] Users = ["postgres", "nobody"];

    private readonly string _folder;
    private readonly string[] _prefix;

    private PostgresPrograms(string folder, string? user, string[] prefix) => (_folder, User, _prefix) = (folder, user, prefix);

    /// <summary>The user that they run as; null for our own.</summary>
    public string? User { get; }

    /// <summary>Finds them in <c>PATH</c> and where Debian and its kin put them, the newest version first.</summary>
    /// <param name="missing">Why there are none, and what to do.</param>
    public static PostgresPrograms? Find(out string missing)
    {
        missing = "";
        var folder = Folders().FirstOrDefault(f => Array.TrueForAll(Needed, p => Has(f, p)));
        if (folder is null)
        {
            missing = "PostgreSQL's programs (initdb, postgres, pg_ctl, pg_basebackup) are neither in PATH nor in /usr/lib/postgresql: install its server.";
            return null;
        }

        if (!Environment.IsPrivilegedProcess || OperatingSystem.IsWindows())
            return new PostgresPrograms(folder, null, []);

        var user = Array.Find(Users, Exists);
        var setpriv = Path().FirstOrDefault(f => Has(f, "setpriv"));
        var runuser = Path().FirstOrDefault(f => Has(f, "runuser"));
        if (user is null || (setpriv ?? runuser) is null)
        {
            missing = "PostgreSQL does not run as root, and there is no setpriv or runuser to run it as the user postgres or nobody.";
            return null;
        }

        return new PostgresPrograms(folder, user, setpriv is not null
            ? [System.IO.Path.Combine(setpriv, "setpriv"), $"--reuid={user}", $"--regid={GroupOf(user)}", "--clear-groups", "--"]
            : [System.IO.Path.Combine(runuser!, "runuser"), "-u", user, "--"]);
    }

    /// <summary>How a program is started; its output is redirected, and its folder is one that any user may enter.</summary>
    public ProcessStartInfo Start(string program, params ReadOnlySpan<string> arguments)
    {
        string[] line = [.. _prefix, System.IO.Path.Combine(_folder, program), .. arguments];
        return new ProcessStartInfo(line[0], line[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message is what it said.</exception>
    public Task RunAsync(string program, string[] arguments, CancellationToken cancellationToken) =>
        RunAsync(Start(program, arguments), cancellationToken);

    /// <summary>Makes a folder theirs, and lets them pass through the temporary folders above it, which are often closed to others.</summary>
    public Task GiveAsync(string folder, CancellationToken cancellationToken)
    {
        if (User is null || OperatingSystem.IsWindows())
            return Task.CompletedTask;

        for (var above = Directory.GetParent(folder); above is not null && IsTemporary(above); above = above.Parent)
            above.UnixFileMode |= UnixFileMode.OtherExecute;
        return RunAsync(
            new ProcessStartInfo("chown", [$"{User}:{GroupOf(User)}", folder]) { RedirectStandardOutput = true, RedirectStandardError = true },
            cancellationToken);
    }

    private static async Task RunAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{start.FileName} failed: {await output}{await errors}".Trim());
    }

    private static IEnumerable<string> Folders()
    {
        const string Debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(Debian) ? Directory.GetDirectories(Debian) : [];
        return Path().Concat(versions
            .OrderByDescending(v => int.TryParse(System.IO.Path.GetFileName(v), out var number) ? number : 0)
            .Select(v => System.IO.Path.Combine(v, "bin")));
    }

    private static string[] Path() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    private static bool Has(string folder, string program) => File.Exists(System.IO.Path.Combine(folder, program));

    private static bool IsTemporary(DirectoryInfo folder) => folder.FullName.StartsWith(
        System.IO.Path.GetFullPath(System.IO.Path.GetTempPath()).TrimEnd('/') + "/", StringComparison.Ordinal);

    private static bool Exists(string user) => Line("/etc/passwd", user) is not null;

    // The fourth field of the user's line is the number of its group.
    private static string GroupOf(string user) => Line("/etc/passwd", user)!.Split(':')[3];

    private static string? Line(string file, string name) =>
        File.Exists(file) ? Array.Find(File.ReadAllLines(file), l => l.StartsWith($"{name}:", StringComparison.Ordinal)) : null;
}
