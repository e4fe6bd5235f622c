using System.Globalization;
using Groundwork.Ports.Settings;

namespace Groundwork.Console.Pages.Cache;

/// <summary>What does the same with Redis' own client, to be pasted into a shell. Pure.</summary>
/// <param name="addresses">Where the protocol is served.</param>
/// <param name="needsPassword">Whether clients are asked for a password: a command names it, since no page knows it.</param>
public sealed class RedisCommand(IReadOnlyList<string> addresses, bool needsPassword = false)
{
    private const string DefaultPort = "6379";

    /// <summary>Whether clients can reach it at all.</summary>
    public bool IsServed => addresses.Count > 0;

    private string Program
    {
        get
        {
            var port = addresses.Select(a => a[(a.LastIndexOf(':') + 1)..]).FirstOrDefault(DefaultPort);
            return "redis-cli" + (port == DefaultPort ? "" : $" -p {port}") + (needsPassword ? " -a \"$CACHE_PASSWORD\"" : "");
        }
    }

    /// <summary>For a server with the settings in force.</summary>
    public static RedisCommand Of(ShownServer server, SettingValues settings) =>
        new(server.Addresses, settings.All.Any(v => v.Setting.Name == "Cache:Password" && v.Shown.Length > 0));

    /// <summary>A command on a database of the clients.</summary>
    public string On(int database, string command) =>
        database == 0 ? $"{Program} {command}" : string.Create(CultureInfo.InvariantCulture, $"{Program} -n {database} {command}");

    /// <summary>A command on a space: it is chosen first, on the same connection.</summary>
    public string In(string space, string command) => $"{Program} <<'END'\nselect {space}\n{command}\nEND";

    /// <summary>What shows a key of a type.</summary>
    public string Show(KeyName key, string type) => type switch
    {
        "list" => Of(key, "lrange", " 0 99"),
        "hash" => Of(key, "hgetall"),
        "set" => Of(key, "smembers"),
        "zset" => Of(key, "zrange", " 0 99 withscores"),
        _ => Of(key, "get"),
    };

    /// <summary>What removes a key.</summary>
    public string Remove(KeyName key) => Of(key, "del");

    private string Of(KeyName key, string command, string more = "") => key.Space == SpaceName.Clients
        ? On(key.Database, $"{command} {key.ShellWord}{more}")
        : In(key.Space, $"{command} {key.RedisWord}{more}");
}
