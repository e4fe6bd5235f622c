using System.Globalization;
using Groundwork.Broker.Logs;

namespace Groundwork.Broker.Topics;

/// <summary>What can be set of a topic, and what it means for its logs. Immutable.</summary>
internal static class TopicSettings
{
    // One batch is one entry of the journal, and a frame of it holds so much.
    private const long MaxBatchBytes = 16 << 20;

    /// <summary>All of them, in the order of their names.</summary>
    public static IReadOnlyList<TopicSetting> All { get; } =
    [
        TopicSetting.Word("cleanup.policy", SettingKind.List, "delete", ["delete"],
            "What happens to old segments: they are deleted.", " Compaction is not offered yet."),
        TopicSetting.Word("compression.type", SettingKind.String, "producer", ["producer"],
            "How batches are packed: as the producer packed them.", " The broker never packs anew."),
        TopicSetting.Number("index.interval.bytes", SettingKind.Int, 4096, 512, 1 << 20, "How far apart the lines of a segment's index are."),
        TopicSetting.Number("max.message.bytes", SettingKind.Int, 1_048_588, 100, MaxBatchBytes, "The longest batch of records, packed."),
        TopicSetting.Number("message.timestamp.after.max.ms", SettingKind.Long, 3_600_000, 0, long.MaxValue, "How far ahead of the broker's clock a record's time may be."),
        TopicSetting.Number("message.timestamp.before.max.ms", SettingKind.Long, long.MaxValue, 0, long.MaxValue, "How far behind the broker's clock a record's time may be."),
        TopicSetting.Word("message.timestamp.type", SettingKind.String, "CreateTime", ["CreateTime", "LogAppendTime"],
            "Whose time records have: the producer's, or that of the broker when it appends them."),
        TopicSetting.Number("min.insync.replicas", SettingKind.Int, 1, 1, 1, "How many replicas a record must be on before acks=all is answered: there is one."),
        TopicSetting.Number("retention.bytes", SettingKind.Long, -1, -1, long.MaxValue, "How long a partition becomes before its oldest segments go; -1 is without bound."),
        TopicSetting.Number("retention.ms", SettingKind.Long, 604_800_000, -1, long.MaxValue, "How long records are kept; -1 is for ever."),
        TopicSetting.Number("segment.bytes", SettingKind.Int, 1 << 30, 1 << 20, int.MaxValue, "How long a segment becomes: what retention removes at once."),
        TopicSetting.Number("segment.ms", SettingKind.Long, 604_800_000, 1, long.MaxValue, "How old a segment becomes before the next one begins."),
    ];

    /// <summary>The setting of a name; null where there is none.</summary>
    public static TopicSetting? Find(string name) => All.FirstOrDefault(setting => setting.Name == name);

    /// <summary>What is wrong with a setting that somebody wants; null where nothing is.</summary>
    public static string? Fault(string name, string? value) => Find(name) is not { } setting
        ? $"There is no setting '{name}' of a topic; there are {string.Join(", ", All.Select(s => s.Name))}."
        : value is null ? $"{name} has no value." : setting.Fault(value);

    /// <summary>What some settings, each of them right, mean for a log.</summary>
    public static LogSettings ToLog(IReadOnlyDictionary<string, string> settings)
    {
        long Value(string name) => long.Parse(settings.GetValueOrDefault(name) ?? Find(name)!.Default, CultureInfo.InvariantCulture);
        return new LogSettings
        {
            IndexIntervalBytes = (int)Value("index.interval.bytes"),
            MaxMessageBytes = (int)Value("max.message.bytes"),
            TimestampAfterMaxMs = Value("message.timestamp.after.max.ms"),
            TimestampBeforeMaxMs = Value("message.timestamp.before.max.ms"),
            IsStamped = settings.GetValueOrDefault("message.timestamp.type") == "LogAppendTime",
            RetentionBytes = Value("retention.bytes"),
            RetentionMs = Value("retention.ms"),
            SegmentBytes = (int)Value("segment.bytes"),
            SegmentMs = Value("segment.ms"),
        };
    }
}
