using Groundwork.Ports.Messaging;
using Groundwork.Ports.Settings;

namespace Groundwork.Links;

/// <summary>What an operator sets of Links.</summary>
internal sealed record LinksOptions(Uri? BaseUrl, CodeStrategy Codes, int CodeBlock, TimeSpan KeepExpired, TimeSpan PermanentLife, long CacheSize, string Blocklist, bool ClicksByTopic)
{
    private static readonly Setting<Uri?> BaseUrlSetting = Setting.Url(
        "Links:BaseUrl",
        "The address under which short links are reached from outside, such as https://go.example.org/; empty for the one the request came to.");

    private static readonly Setting<CodeStrategy> CodesSetting = Setting.Choice(
        "Links:Codes", CodeStrategy.Counter,
        "Where new codes come from: a counter in the database (7 characters, unguessable), snowflake numbers (11 characters, no coordination) "
        + "or a hash of owner and address (7 characters, the same address gets the same link). May be changed at any time; older links stay.");

    private static readonly Setting<long> CodeBlockSetting = Setting.Integer(
        "Links:CodeBlock", 1000, 1, 1_000_000,
        "How many codes a copy of the program takes from the database's counter at once. Those left over at a stop are never used.");

    private static readonly Setting<TimeSpan> KeepExpiredSetting = Setting.Duration(
        "Links:KeepExpired", TimeSpan.FromDays(30), TimeSpan.FromDays(2), TimeSpan.FromDays(3650),
        "How long a link is kept after it has expired: it answers 410, and can be given a later end. Then it is removed, with its statistics.");

    private static readonly Setting<TimeSpan> PermanentLifeSetting = Setting.Duration(
        "Links:PermanentLife", TimeSpan.FromHours(1), TimeSpan.Zero, TimeSpan.FromDays(365),
        "How long browsers and proxies may keep a permanent redirect (301, 308), though never past the link's end. "
        + "What they have kept they do not ask for again: it is not counted, and a change reaches them late.");

    private static readonly Setting<long> CacheSizeSetting = Setting.Size(
        "Links:CacheSize", 32L << 20, 1L << 20, 1L << 40,
        "How much memory the links take that are followed most, so that the database is not asked for them: about 160 bytes each.");

    private static readonly Setting<string> BlocklistSetting = Setting.Text(
        "Links:Blocklist", "", "a path of a text file, or empty",
        "A file of hosts to which no link may lead, a host a line (a hosts file will do), each with all below it; read again when it changes. "
        + "Links that lead there already answer 410.");

    private static readonly Setting<ClickPath> ClicksSetting = Setting.Choice(
        "Links:Clicks", ClickPath.Auto,
        "How clicks come into the statistics: each copy counts its own (direct), or all publish them to the topic links.clicks, which others can read too, and share the counting (topic). "
        + "Auto is topic where Broker:Connection names a broker that copies share, else direct.");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Setting> All { get; } =
        [BaseUrlSetting, CodesSetting, CodeBlockSetting, KeepExpiredSetting, PermanentLifeSetting, CacheSizeSetting, BlocklistSetting, ClicksSetting];

    public static LinksOptions From(SettingValues settings) => new(
        settings.Get(BaseUrlSetting),
        settings.Get(CodesSetting),
        (int)settings.Get(CodeBlockSetting),
        settings.Get(KeepExpiredSetting),
        settings.Get(PermanentLifeSetting),
        settings.Get(CacheSizeSetting),
        settings.Get(BlocklistSetting) is { Length: > 0 } file ? Path.GetFullPath(file) : "",
        settings.Get(ClicksSetting) switch
        {
            ClickPath.Direct => false,
            ClickPath.Topic => true,
            _ => settings.Get(BrokerSettings.Connection).Length > 0,
        });
}

/// <summary>How clicks come into the statistics.</summary>
internal enum ClickPath
{
    /// <summary>By the topic where copies share a broker, else directly.</summary>
    Auto,

    /// <summary>Each copy counts those of its own redirects.</summary>
    Direct,

    /// <summary>By the topic.</summary>
    Topic,
}

/// <summary>Where new codes come from.</summary>
internal enum CodeStrategy
{
    /// <summary>A counter in the database, permuted.</summary>
    Counter,

    /// <summary>Time, node and sequence, permuted.</summary>
    Snowflake,

    /// <summary>A keyed hash of owner and address.</summary>
    Hash,
}
