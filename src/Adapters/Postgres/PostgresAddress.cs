using System.Globalization;
using Groundwork.Ports.Database;
using Npgsql;

namespace Groundwork.Postgres;

/// <summary>
/// Where a PostgreSQL is and how to enter: what an operator wrote, with what the adapter itself needs put in.
/// </summary>
/// <remarks>
/// The password leaves this type only inside a data source. Messages and logs take <see cref="ToString"/>, which has none; what
/// the parser says about a text that it cannot read is never repeated, since it may quote a piece of a password. Immutable.
/// </remarks>
internal sealed class PostgresAddress
{
    private const int PreparedStatements = 256;
    private const int PrimaryTimeoutSeconds = 2;
    private const int ReplicaTimeoutSeconds = 2;

    // The driver's 30 s keep a caller, and a place at the gate, for too long where the server hangs; migrations wait for ever. A
    // hung server costs this and twice the time for connecting: the driver tries that long to cancel, with TLS and without.
    private const int CommandTimeoutSeconds = 5;

    // How long what was seen of a host's role holds: the driver's 10 s would be added to every failover.
    private const int RecheckSeconds = 1;

    private readonly string _connection;

    private PostgresAddress(NpgsqlConnectionStringBuilder builder)
    {
        _connection = builder.ConnectionString;
        Database = builder.Database ?? builder.Username ?? "";
        var host = builder.Host ?? "localhost";
        HasSeveralHosts = IsSeveral(builder);
        Shown = host.Contains(',', StringComparison.Ordinal) || host.Contains(':', StringComparison.Ordinal)
            ? $"{host}/{Database}"
            : $"{host}:{builder.Port}/{Database}";
    }

    /// <summary>The database's name.</summary>
    public string Database { get; }

    /// <summary>Whether it names several hosts, of which whichever is the primary is meant.</summary>
    public bool HasSeveralHosts { get; }

    private string Shown { get; }

    /// <summary>Reads the value of <c>Database:Connection</c>.</summary>
    /// <exception cref="DatabaseException">It is not a connection string.</exception>
    public static PostgresAddress Primary(string connection) => new(Parse(connection, "Database:Connection", PrimaryTimeoutSeconds));

    /// <summary>Reads one item of <c>Database:Replicas</c>: <c>host</c>, <c>host:port</c> (<c>[::1]:5432</c>) or a whole connection string.</summary>
    /// <exception cref="DatabaseException">It is none of them.</exception>
    public PostgresAddress Replica(string item)
    {
        if (item.Contains('=', StringComparison.Ordinal))
            return new(Parse(item, "Database:Replicas", ReplicaTimeoutSeconds));

        var (host, port) = Split(item);
        var builder = new NpgsqlConnectionStringBuilder(_connection)
        {
            Host = host,
            Timeout = ReplicaTimeoutSeconds,
            TargetSessionAttributes = null,
        };
        if (port is not null)
        {
            builder.Port = int.TryParse(port, out var number) && number is > 0 and < 65536
                ? number
                : throw Unreadable("Database:Replicas", "a port is a number from 1 to 65535");
        }

        return new(builder);
    }

    /// <summary>A pool of connections whose unqualified names mean <paramref name="schema"/>.</summary>
    /// <param name="schema">The schema, or null for none.</param>
    /// <param name="connections">The pool's bound.</param>
    /// <param name="options">Server parameters in the form <c>-c name=value</c>, or empty.</param>
    public NpgsqlDataSource Pool(string? schema, int connections, string options = "")
    {
        var builder = new NpgsqlConnectionStringBuilder(_connection)
        {
            Pooling = true,
            MinPoolSize = 0,
            MaxPoolSize = connections,
            ConnectionIdleLifetime = 10,
            ConnectionPruningInterval = 2,
            MaxAutoPrepare = PreparedStatements,
            AutoPrepareMinUsages = 2,
            Enlist = false,
            // The session holds nothing that would have to be reset: every transaction is ended, and nothing is ever set.
            NoResetOnClose = true,
        };
        if (schema is not null)
            builder.SearchPath = schema;
        if (options.Length > 0)
            builder.Options = string.IsNullOrEmpty(builder.Options) ? options : $"{builder.Options} {options}";
        return NpgsqlDataSource.Create(builder);
    }

    /// <summary>How to back the schemas up with PostgreSQL's own tool, which asks for the password itself.</summary>
    public string BackupAdvice(IEnumerable<string> schemas)
    {
        var builder = new NpgsqlConnectionStringBuilder(_connection);
        var user = builder.Username is { Length: > 0 } name ? $" --username={name}" : "";
        var hosts = builder.Host!.Split(',').Select(item => Split(item.Trim())).ToList();
        var ports = hosts.Select(h => h.Port ?? builder.Port.ToString(CultureInfo.InvariantCulture));
        var only = string.Concat(schemas.Order(StringComparer.Ordinal).Select(s => $" --schema={s}"));
        return "PostgreSQL has a tool of its own for backups, which takes all schemas as they stood at one moment: "
            + $"pg_dump --host={string.Join(',', hosts.Select(h => h.Host))} --port={string.Join(',', ports)}{user} --format=custom --file=groundwork.dump{only} {Database}";
    }

    /// <summary>Host, port and database; never more.</summary>
    public override string ToString() => Shown;

    private static NpgsqlConnectionStringBuilder Parse(string connection, string setting, int timeoutSeconds)
    {
        NpgsqlConnectionStringBuilder builder;
        try
        {
            builder = new NpgsqlConnectionStringBuilder(connection);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            throw Unreadable(setting, "a part of it is unknown or misspelt; a value with ';' or '=' in it stands in quotes");
        }

        if (string.IsNullOrWhiteSpace(builder.Host))
            throw Unreadable(setting, "it names no host");
        HashSet<string> written = [.. builder.Keys]; // ContainsKey is true of every keyword that the driver knows
        if (!written.Contains("Timeout"))
            builder.Timeout = timeoutSeconds;
        if (!written.Contains("Command Timeout"))
            builder.CommandTimeout = CommandTimeoutSeconds;
        if (string.IsNullOrEmpty(builder.ApplicationName))
            builder.ApplicationName = "groundwork";
        ChooseHost(builder, setting, written);
        return builder;
    }

    // Of several hosts only the primary will do, unless it is said otherwise; of one there is no choice.
    private static void ChooseHost(NpgsqlConnectionStringBuilder builder, string setting, HashSet<string> written)
    {
        if (IsSeveral(builder))
        {
            builder.TargetSessionAttributes ??= "primary";
            if (!written.Contains("Host Recheck Seconds"))
                builder.HostRecheckSeconds = RecheckSeconds;
        }
        else if (builder.TargetSessionAttributes is not null)
        {
            throw Unreadable(setting, "Target Session Attributes chooses between several hosts, and it names one");
        }
    }

    // host, host:port, [::1], [::1]:port
    private static (string Host, string? Port) Split(string item)
    {
        var colon = item.EndsWith(']') ? -1 : item.LastIndexOf(':');
        return colon < 0 ? (item.Trim('[', ']'), null) : (item[..colon].Trim('[', ']'), item[(colon + 1)..]);
    }

    private static bool IsSeveral(NpgsqlConnectionStringBuilder builder) => builder.Host?.Contains(',', StringComparison.Ordinal) == true;

    private static DatabaseException Unreadable(string setting, string problem) => new(
        DatabaseFailure.Unavailable,
        $"{setting} cannot be read: {problem}. It looks like Host=…;Port=5432;Username=…;Password=…;Database=….");
}
