using System.Globalization;
using System.Text;

namespace Groundwork.Cache.Commands.Server;

/// <summary>INFO [section …]: sections of lines <c>name:value</c>, under the names that Redis gives them.</summary>
internal static class Info
{
    private static readonly (string Name, bool IsDefault, Action<CacheEngine, StringBuilder> Write)[] Sections =
    [
        ("Server", true, InfoSections.Server),
        ("Clients", true, InfoSections.Clients),
        ("Memory", true, InfoSections.Memory),
        ("Persistence", true, InfoSections.Persistence),
        ("Stats", true, InfoSections.Stats),
        ("Replication", true, InfoSections.Replication),
        ("CPU", true, InfoSections.Processor),
        ("Modules", true, static (_, _) => { }),
        ("Commandstats", false, InfoStatistics.Commands),
        ("Errorstats", true, InfoStatistics.Errors),
        ("Cluster", true, static (engine, text) => Line(text, "cluster_enabled", engine.Cluster.IsOn ? 1 : 0)),
        ("Popularity", true, InfoPopularity.Write),
        ("Keyspace", true, InfoStatistics.Keyspace),
        ("Spaces", true, InfoStatistics.Spaces),
    ];

    public static void Run(Call call)
    {
        var text = new StringBuilder();
        foreach (var (name, isDefault, write) in Sections)
        {
            if (!IsWanted(call, name, isDefault))
                continue;
            if (text.Length > 0)
                text.Append("\r\n");
            text.Append("# ").Append(name).Append("\r\n");
            write(call.Engine, text);
        }

        call.Reply.Verbatim("txt"u8, Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>Writes a line.</summary>
    public static void Line(StringBuilder text, string name, long value) =>
        text.Append(name).Append(':').Append(value.ToString(CultureInfo.InvariantCulture)).Append("\r\n");

    /// <summary>Writes a line.</summary>
    public static void Line(StringBuilder text, string name, string value) => text.Append(name).Append(':').Append(value).Append("\r\n");

    private static bool IsWanted(Call call, string section, bool isDefault)
    {
        if (call.Count == 1)
            return isDefault;
        for (var i = 1; i < call.Count; i++)
        {
            if (call.Is(i, "everything"u8) || call.Is(i, "all"u8) || (isDefault && call.Is(i, "default"u8))
                || call.Is(i, Encoding.ASCII.GetBytes(section)))
                return true;
        }

        return false;
    }
}
