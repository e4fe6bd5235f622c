using Groundwork.Ports.Settings;

namespace Groundwork.Ports.Caching;

/// <summary>The settings of the port itself, whichever cache serves it.</summary>
public static class CacheSettings
{
    /// <summary>
    /// How long nothing may be heard of a shared cache before what is kept near counts as out of date. With <see cref="Timeout"/> it is the
    /// bound of how stale a read may be in a copy that has lost its connection without a word.
    /// </summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(900);

    /// <summary>Which cache, and where.</summary>
    public static readonly Setting<string> Connection = Setting.Text(
        "Cache:Connection", "", "empty, or host:port,… as StackExchange.Redis reads it",
        "What the modules share with other copies of the program: empty for what each keeps in its own memory, or the address of a Redis, "
        + "Valkey or Groundwork cache, such as localhost:6379,user=…,password=….",
        secret: true);

    /// <summary>How long a call may take.</summary>
    public static readonly Setting<TimeSpan> Timeout = Setting.Duration(
        "Cache:Timeout", TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10),
        "How long a call to a shared cache may take before the caller goes on without it.");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Setting> All { get; } = [Connection, Timeout];
}
