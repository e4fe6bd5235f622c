using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Groundwork.Postgres.Local;

/// <summary>
/// A PostgreSQL of one's own, from the installed programs, on a spare port of loopback: for benchmarks, drills and tests.
/// </summary>
/// <remarks>
/// <para>As durable as PostgreSQL's defaults (fsync on). Anyone on this machine may enter as <c>postgres</c>, so it is nothing to keep
/// data in. Disposing stops it; its folder stays.</para>
/// <para>Not for concurrent use.</para>
/// </remarks>
public sealed class LocalPostgres : IAsyncDisposable
{
    private const int PortTries = 5;
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromMinutes(1);

    private readonly PostgresPrograms _programs;
    private readonly string _data;
    private readonly Queue<string> _lastWords = [];
    private Process? _process;

    private LocalPostgres(PostgresPrograms programs, string data) => (_programs, _data) = (programs, data);

    /// <summary>Why none can be started here and what to do about it; null where one can.</summary>
    public static string? Missing => PostgresPrograms.Find(out var missing) is null ? missing : null;

    /// <summary>The port it listens on; kept over a restart.</summary>
    public int Port { get; private set; }

    /// <summary>The server's process, while it runs.</summary>
    public int ProcessId => _process?.Id ?? throw new InvalidOperationException("It does not run.");

    /// <summary>Makes a cluster in <paramref name="folder"/> and starts it.</summary>
    /// <param name="folder">An empty folder, or one that isn't there. Where we are root it becomes the user's that PostgreSQL runs as;
    /// the folders above must let that user pass, and those below the system's temporary folder are made to.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">It cannot be started; the message holds what PostgreSQL said.</exception>
    public static async Task<LocalPostgres> StartAsync(string folder, CancellationToken cancellationToken = default)
    {
        var local = await MakeAsync(folder, cancellationToken);
        await local._programs.RunAsync(
            "initdb", ["-D", local._data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"], cancellationToken);
        await local.LaunchAsync(cancellationToken);
        return local;
    }

    /// <summary>Starts a streaming replica of this one, from a copy of its data.</summary>
    /// <param name="folder">As for <see cref="StartAsync"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<LocalPostgres> StartReplicaAsync(string folder, CancellationToken cancellationToken = default)
    {
        var replica = await MakeAsync(folder, cancellationToken);
        await _programs.RunAsync(
            "pg_basebackup",
            ["-D", replica._data, "-h", "127.0.0.1", "-p", Text(Port), "-U", "postgres", "-R", "-c", "fast", "--no-sync"],
            cancellationToken);
        await replica.LaunchAsync(cancellationToken);
        return replica;
    }

    /// <summary>How to connect to one of its databases.</summary>
    public string ConnectionTo(string database) => $"Host=127.0.0.1;Port={Text(Port)};Username=postgres;Database={database}";

    /// <summary>How to connect to a database of this one or another, whichever is the primary.</summary>
    public string ConnectionToPrimary(string database, LocalPostgres other) =>
        $"Host=127.0.0.1:{Text(Port)},127.0.0.1:{Text(other.Port)};Username=postgres;Database={database};Target Session Attributes=primary";

    /// <summary>From now on a commit here is acknowledged only when a replica has it on its disk too; returns when one follows so.</summary>
    /// <remarks>A replica that was started before knows nothing of this, so that it waits for nobody when it is promoted.</remarks>
    public async Task WaitForReplicasAsync(CancellationToken cancellationToken = default)
    {
        await ExecuteAsync("alter system set synchronous_standby_names = '*'", cancellationToken);
        await ExecuteAsync("select pg_reload_conf()", cancellationToken);
        await UntilAsync("select exists (select from pg_stat_replication where sync_state = 'sync')", cancellationToken);
    }

    /// <summary>Cuts a replica off from its primary; returns when nothing more reaches it.</summary>
    public async Task CutOffAsync(CancellationToken cancellationToken = default)
    {
        await ExecuteAsync("alter system set primary_conninfo = ''", cancellationToken);
        await ExecuteAsync("select pg_reload_conf()", cancellationToken);
        await UntilAsync("select not exists (select from pg_stat_wal_receiver)", cancellationToken);
    }

    /// <summary>Makes a replica the primary; returns when it takes writes.</summary>
    public Task PromoteAsync(CancellationToken cancellationToken = default) => ExecuteAsync("select pg_promote()", cancellationToken);

    /// <summary>Stops all its processes in their tracks: it takes connections, and says nothing. Linux only.</summary>
    public void Hang() => ProcessTree.Hang(ProcessId);

    /// <summary>Lets it go on after <see cref="Hang"/>.</summary>
    public void GoOn() => ProcessTree.GoOn(ProcessId);

    /// <summary>Ends it as a power cut would, with all its processes: SIGKILL, no goodbye.</summary>
    public async Task KillAsync()
    {
        _process!.Kill(entireProcessTree: true);
        await ForgetAsync();
    }

    /// <summary>Starts it again on the same port and data, after <see cref="KillAsync"/> or <see cref="StopAsync"/>.</summary>
    public Task StartAgainAsync(CancellationToken cancellationToken = default) => LaunchAsync(cancellationToken);

    /// <summary>Stops it (PostgreSQL's fast shutdown: open transactions are rolled back). Does nothing where it does not run.</summary>
    public async Task StopAsync()
    {
        if (_process is null)
            return;
        using var patience = new CancellationTokenSource(StopTimeout);
        try
        {
            await _programs.RunAsync("pg_ctl", ["stop", "-D", _data, "-m", "fast", "-w"], patience.Token);
        }
        catch (Exception e) when (e is InvalidOperationException or OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        await ForgetAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    private static async Task<LocalPostgres> MakeAsync(string folder, CancellationToken cancellationToken)
    {
        var programs = PostgresPrograms.Find(out var missing) ?? throw new InvalidOperationException(missing);
        var full = Path.GetFullPath(folder);
        Directory.CreateDirectory(full);
        await programs.GiveAsync(full, cancellationToken);
        return new LocalPostgres(programs, Path.Combine(full, "data"));
    }

    private async Task LaunchAsync(CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var isOurs = Port != 0;
            var port = isOurs ? Port : SparePort();
            if (await TryLaunchAsync(port, cancellationToken))
            {
                Port = port;
                return;
            }

            // Another program may have taken the spare port meanwhile; processes of a killed server take a moment to go.
            if (tries == PortTries)
                throw new InvalidOperationException($"PostgreSQL did not start: {string.Join(' ', _lastWords)}");
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }
    }

    private async Task<bool> TryLaunchAsync(int port, CancellationToken cancellationToken)
    {
        // No Unix socket: its path may be 107 bytes long at most, and folders of tests are longer.
        var process = Process.Start(_programs.Start(
            "postgres", "-D", _data, "-p", Text(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="))!;
        process.OutputDataReceived += (_, line) => Remember(line.Data);
        process.ErrorDataReceived += (_, line) => Remember(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;

        var started = Stopwatch.GetTimestamp();
        while (!process.HasExited && Stopwatch.GetElapsedTime(started) < StartTimeout)
        {
            if (await AnswersAsync(port, cancellationToken))
                return true;
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }

        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await ForgetAsync();
        return false;
    }

    private async Task<object?> ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection($"{ConnectionTo("postgres")};Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private async Task UntilAsync(string condition, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (await ExecuteAsync(condition, cancellationToken) is not true)
        {
            if (Stopwatch.GetElapsedTime(started) > StartTimeout)
                throw new InvalidOperationException($"This did not come true of PostgreSQL: {condition}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }
    }

    private static async Task<bool> AnswersAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(
                $"Host=127.0.0.1;Port={Text(port)};Username=postgres;Database=postgres;Pooling=false;Timeout=5");
            await connection.OpenAsync(cancellationToken);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task ForgetAsync()
    {
        await _process!.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    private void Remember(string? line)
    {
        if (line is null)
            return;
        lock (_lastWords)
        {
            _lastWords.Enqueue(line);
            if (_lastWords.Count > 20)
                _lastWords.Dequeue();
        }
    }

    private static int SparePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
