using System.Security.Authentication;
using Groundwork.Ports.Caching;
using StackExchange.Redis;

namespace Groundwork.Redis;

/// <summary>Turns what Redis and its driver report into the port's failure, with what to do.</summary>
internal static class RedisFailures
{
    private const string Unknown = "Whether a change was done is unknown.";

    /// <summary>More calls wait for the server than may.</summary>
    public static CacheException TooMany(RedisAddress address) => new(
        $"Redis at {address} owes too many answers already. It was not asked. Look at its load, or ask less of it.");

    /// <summary>No answer within <c>Cache:Timeout</c>.</summary>
    public static CacheException TimedOut(Exception e, RedisAddress address, TimeSpan timeout) => e is TimeoutException
        ? new CacheException(
            $"Redis at {address} did not answer within {timeout.TotalMilliseconds:0} ms. {Unknown} "
            + "Check that it runs, look at its load and at the way to it, or raise Cache:Timeout.",
            e)
        : Of(e, null, address);

    /// <summary>Changes are told by one server, and there is none or are several that would have to.</summary>
    public static CacheException SeveralPrimaries(RedisAddress address) => new(
        $"Redis at {address} is a cluster or several servers, whose changes are not listened to. Name one server, with its replicas, in Cache:Connection.");

    /// <summary>What else went wrong.</summary>
    /// <param name="e">What was thrown.</param>
    /// <param name="connection">Why there is no connection, where there is none.</param>
    /// <param name="address">Whose.</param>
    public static CacheException Of(Exception e, Exception? connection, RedisAddress address) => e switch
    {
        CacheException known => known,
        RedisServerException server => Refused(server.Message, address, server),
        _ when (TlsFailure(e) ?? TlsFailure(connection)) is { } tls => NoTls(tls, address),
        _ when IsRefusal(e) || IsRefusal(connection) => new(
            $"Redis at {address} does not let us in. Check user and password in Cache:Connection.", e),
        RedisTimeoutException or TimeoutException => new(
            $"Redis at {address} did not answer in time. {Unknown} Check that it runs, and look at its load and at the way to it.", e),
        _ => new(
            $"Redis at {address} cannot be reached. {Unknown} Check that it runs and that Cache:Connection names the right host and port.", e),
    };

    /// <summary>Server and client do not agree on an encrypted connection, most often since its certificate is not trusted here.</summary>
    public static CacheException NoTls(AuthenticationException e, RedisAddress address) => new(
        $"Redis at {address} and this program do not agree on TLS: {e.Message.TrimEnd('.')}. It was not asked. Check ssl and sslHost in Cache:Connection, and that "
        + "this machine trusts who signed the server's certificate (SSL_CERT_FILE or SSL_CERT_DIR name others).",
        e);

    /// <summary>What the server said instead of doing it.</summary>
    /// <param name="error">In Redis' form: a word in capitals, then a sentence, of which nothing is repeated.</param>
    /// <param name="address">Whose.</param>
    /// <param name="e">What was thrown, where something was.</param>
    public static CacheException Refused(string error, RedisAddress address, Exception? e = null)
    {
        var code = error.Split(' ', 2)[0];
        return code switch
        {
            "NOAUTH" or "WRONGPASS" or "NOPERM" => new(
                $"Redis at {address} does not let us in ({code}). It was not done. Check user and password in Cache:Connection, and what the user may do.", e),
            "OOM" => new(
                $"Redis at {address} has no memory left. It was not done. Raise its maxmemory, or set a maxmemory-policy by which keys leave.", e),
            "READONLY" => new($"Redis at {address} is a replica. It was not done. Name its primary in Cache:Connection.", e),
            "LOADING" => new($"Redis at {address} is still loading its data. It was not done. Wait until it has.", e),
            _ => new($"Redis at {address} refused a command ({code}). It was not done. Is it Redis 6 or newer, Valkey or Groundwork's cache?", e),
        };
    }

    /// <summary>Whether the server has no memory for a value.</summary>
    /// <remarks>Of a transaction one only hears that a command in it was refused; of ours, where DEL is not, it is for that reason.</remarks>
    public static bool IsOutOfMemory(CacheException e) =>
        e.InnerException is RedisServerException { Kind: RedisErrorKind.OutOfMemory or RedisErrorKind.ExecAbort };

    /// <summary>Whether the server has no scripts.</summary>
    public static bool IsUnknownCommand(Exception e) => e.Message.Contains("unknown command", StringComparison.OrdinalIgnoreCase);

    /// <summary>In a few words, for the log.</summary>
    public static string Reason(Exception e) => IsRefusal(e) ? "it does not let us in" : e switch
    {
        CacheException => e.Message,
        _ => "it cannot be reached",
    };

    private static AuthenticationException? TlsFailure(Exception? e) => e switch
    {
        null => null,
        AuthenticationException tls => tls,
        _ => TlsFailure(e.InnerException),
    };

    private static bool IsRefusal(Exception? e) => e switch
    {
        null => false,
        RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } => true,
        _ when e.Message.Contains("WRONGPASS", StringComparison.Ordinal) || e.Message.Contains("NOAUTH", StringComparison.Ordinal) => true,
        _ => IsRefusal(e.InnerException),
    };
}
