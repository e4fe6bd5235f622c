using Confluent.Kafka;

namespace Groundwork.Kafka;

/// <summary>
/// Where a Kafka is and how to enter, from one text: <c>host:port,…;name=value;…</c>.
/// </summary>
/// <remarks>
/// The options are a closed list, and not all that the driver knows: what else it does is the adapter's to say, so that the port's promises hold. The password leaves this type only inside
/// a client; what is wrong with a text is said without repeating any of it. Immutable.
/// </remarks>
internal sealed class KafkaAddress
{
    private const string Options = "security, mechanism, user, password, ca";

    private static readonly Dictionary<string, SecurityProtocol> Securities = new(StringComparer.OrdinalIgnoreCase)
    {
        ["plaintext"] = SecurityProtocol.Plaintext,
        ["ssl"] = SecurityProtocol.Ssl,
        ["sasl_plaintext"] = SecurityProtocol.SaslPlaintext,
        ["sasl_ssl"] = SecurityProtocol.SaslSsl,
    };

    private static readonly Dictionary<string, SaslMechanism> Mechanisms = new(StringComparer.OrdinalIgnoreCase)
    {
        ["plain"] = SaslMechanism.Plain,
        ["scram-sha-256"] = SaslMechanism.ScramSha256,
        ["scram-sha-512"] = SaslMechanism.ScramSha512,
    };

    private readonly string _servers;
    private readonly Dictionary<string, string> _options;

    private KafkaAddress(string servers, Dictionary<string, string> options) => (_servers, _options) = (servers, options);

    private bool UsesSasl => Security() is SecurityProtocol.SaslPlaintext or SecurityProtocol.SaslSsl;

    /// <summary>Reads the value of <c>Broker:Connection</c>.</summary>
    /// <param name="connection">The value.</param>
    /// <param name="fault">What is wrong with it, for a sentence that begins with the setting's name; null where nothing is.</param>
    /// <returns>Null where something is wrong.</returns>
    public static KafkaAddress? TryParse(string connection, out string? fault)
    {
        var parts = connection.Split(';', StringSplitOptions.TrimEntries);
        var servers = parts[0].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var options = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        fault = servers.Length == 0 || !servers.All(IsServer) ? "begins with no host:port, or with one that is misspelt" : null;
        foreach (var part in parts[1..].Where(part => part.Length > 0))
        {
            var (name, value) = part.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? (part[..at].Trim(), part[(at + 1)..].Trim()) : ("", "");
            fault ??= Fault(name, value) ?? (options.TryAdd(name, value) ? null : "names an option twice");
        }

        var address = new KafkaAddress(string.Join(',', servers), options);
        fault ??= address.Contradiction();
        return fault is null ? address : null;
    }

    /// <summary>Puts where it is and how to enter into a client's settings.</summary>
    public T Apply<T>(T client)
        where T : ClientConfig
    {
        client.BootstrapServers = _servers;
        client.ClientId = "groundwork";
        client.SecurityProtocol = Security();
        client.SslCaLocation = _options.GetValueOrDefault("ca");
        if (UsesSasl)
        {
            client.SaslMechanism = Mechanisms[_options.GetValueOrDefault("mechanism", "scram-sha-256")];
            client.SaslUsername = _options["user"];
            client.SaslPassword = _options["password"];
        }

        return client;
    }

    /// <summary>Hosts and ports; never more.</summary>
    public override string ToString() => _servers;

    private static bool IsServer(string server) =>
        server.LastIndexOf(':') is > 0 and var at
        && int.TryParse(server.AsSpan(at + 1), System.Globalization.NumberStyles.None, null, out var port) && port is > 0 and <= ushort.MaxValue
        && !server.AsSpan().ContainsAny(" =/@");

    private static string? Fault(string name, string value) => name.ToLowerInvariant() switch
    {
        "security" => Securities.ContainsKey(value) ? null : $"has a security that is none of {string.Join(", ", Securities.Keys)}",
        "mechanism" => Mechanisms.ContainsKey(value) ? null : $"has a mechanism that is none of {string.Join(", ", Mechanisms.Keys)}",
        "ca" => File.Exists(value) ? null : "has a ca that is no file here",
        "user" or "password" => value.Length > 0 ? null : "has an empty user or password",
        _ => $"has an option that is none of {Options}",
    };

    private SecurityProtocol Security() => Securities[_options.GetValueOrDefault("security", "plaintext")];

    private string? Contradiction()
    {
        var enters = _options.ContainsKey("user") && _options.ContainsKey("password");
        if (UsesSasl && !enters)
            return "has a security of SASL, and not both of user and password";
        if (!UsesSasl && _options.Keys.Any(name => name is "user" or "password" or "mechanism"))
            return "has a user, a password or a mechanism, and a security that is not of SASL";
        return _options.ContainsKey("ca") && Security() is not (SecurityProtocol.Ssl or SecurityProtocol.SaslSsl)
            ? "has a ca, and a security without TLS"
            : null;
    }
}
