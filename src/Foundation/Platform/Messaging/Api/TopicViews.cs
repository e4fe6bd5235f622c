using System.Text;
using System.Text.Json.Serialization;
using Groundwork.Platform.Http;
using Groundwork.Ports.Messaging;
using Groundwork.Ports.Messaging.Inspection;

namespace Groundwork.Platform.Messaging.Api;

/// <summary>A topic in a list.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Internal">Whether it is the broker's own.</param>
/// <param name="PartitionCount">How many partitions it has.</param>
/// <param name="Records">How many records are there.</param>
/// <param name="Bytes">What they take on the disk.</param>
/// <param name="LatestTime">The latest time of its records; absent where there is none.</param>
/// <param name="PerSecond">What comes and goes.</param>
/// <param name="HotPartitions">The partitions to which much more comes than to the others.</param>
/// <param name="Settings">What is set of it otherwise than by default.</param>
internal record TopicItemView(
    string Name,
    bool Internal,
    int PartitionCount,
    long Records,
    long Bytes,
    DateTimeOffset? LatestTime,
    LoadView PerSecond,
    IReadOnlyList<int> HotPartitions,
    IReadOnlyDictionary<string, string> Settings)
{
    /// <summary>One in which nothing is.</summary>
    public static PartitionState NoPartition { get; } = new(0, new OffsetRange(0, 0), 0, null, default, null, null);

    public static TopicItemView Of(TopicState topic) => new(
        topic.Name,
        topic.IsInternal,
        topic.Partitions.Count,
        topic.Partitions.Sum(p => p.Offsets.End - p.Offsets.Start),
        topic.Partitions.Sum(p => p.Bytes),
        topic.Partitions.Max(p => p.LatestTime),
        LoadView.Of(topic.Partitions.Aggregate(default(PartitionLoad), (sum, p) => sum + p.Load)),
        [.. topic.Partitions.Where(p => p.Heat is not null).Select(p => p.Number)],
        topic.Settings);

    /// <summary>Changes with what is set of it, not with what it holds.</summary>
    public static EntityTag TagOf(TopicState topic) => TagOf(topic.Partitions.Count, topic.Settings);

    public static EntityTag TagOf(int partitions, IReadOnlyDictionary<string, string> settings) => EntityTag.OfContent(Encoding.UTF8.GetBytes(
        FormattableString.Invariant($"{partitions}\n") + string.Join('\n', settings.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}={s.Value}"))));
}

/// <summary>A topic with its partitions.</summary>
/// <param name="Partitions">By their numbers.</param>
internal sealed record TopicView(
    string Name,
    bool Internal,
    int PartitionCount,
    long Records,
    long Bytes,
    DateTimeOffset? LatestTime,
    LoadView PerSecond,
    IReadOnlyList<int> HotPartitions,
    IReadOnlyDictionary<string, string> Settings,
    [property: JsonPropertyOrder(1)] IReadOnlyList<PartitionView> Partitions)
    : TopicItemView(Name, Internal, PartitionCount, Records, Bytes, LatestTime, PerSecond, HotPartitions, Settings)
{
    public static new TopicView Of(TopicState topic)
    {
        var all = TopicItemView.Of(topic);
        return new TopicView(
            all.Name, all.Internal, all.PartitionCount, all.Records, all.Bytes, all.LatestTime, all.PerSecond, all.HotPartitions, all.Settings,
            [.. topic.Partitions.Select(PartitionView.Of)]);
    }
}

/// <summary>What comes and goes a second, over the last ten seconds.</summary>
/// <param name="RecordsIn">Records appended.</param>
/// <param name="BytesIn">Bytes appended.</param>
/// <param name="RecordsOut">Records read, by all who read.</param>
/// <param name="BytesOut">Bytes read, by all who read.</param>
internal sealed record LoadView(double RecordsIn, double BytesIn, double RecordsOut, double BytesOut)
{
    public static LoadView Of(PartitionLoad load) => new(load.RecordsIn, load.BytesIn, load.RecordsOut, load.BytesOut);
}

/// <summary>A partition.</summary>
/// <param name="Number">Its number, from 0.</param>
/// <param name="StartOffset">The offset of its first record.</param>
/// <param name="EndOffset">The offset behind its last one.</param>
/// <param name="Bytes">What it takes on the disk.</param>
/// <param name="LatestTime">The latest time of its records; absent where there is none.</param>
/// <param name="PerSecond">What comes and goes.</param>
/// <param name="Hot">What is known of it while it is hot; absent otherwise.</param>
/// <param name="Trouble">Why nothing is appended to it any more; absent while all is well.</param>
internal sealed record PartitionView(
    int Number, long StartOffset, long EndOffset, long Bytes, DateTimeOffset? LatestTime, LoadView PerSecond, HeatView? Hot, string? Trouble)
{
    public static PartitionView Of(PartitionState partition) => new(
        partition.Number, partition.Offsets.Start, partition.Offsets.End, partition.Bytes, partition.LatestTime, LoadView.Of(partition.Load),
        partition.Heat is { } heat ? HeatView.Of(heat) : null, partition.Trouble);
}

/// <summary>A partition to which much more comes than to the others of its topic.</summary>
/// <param name="Share">Its share of what comes to the topic, by records or by bytes, whichever is more, 0 to 1.</param>
/// <param name="Since">Since when.</param>
/// <param name="Keys">The most frequent keys of its records, by a sample.</param>
/// <param name="KeylessShare">The share of its records that have no key, 0 to 1.</param>
internal sealed record HeatView(double Share, DateTimeOffset Since, IReadOnlyList<HotKeyView> Keys, double KeylessShare)
{
    public static HeatView Of(PartitionHeat heat) => new(heat.Share, heat.Since, [.. heat.Keys.Select(HotKeyView.Of)], heat.KeylessShare);
}

/// <summary>A key that many records of a partition have.</summary>
/// <param name="Key">The key, where it is UTF-8.</param>
/// <param name="KeyBase64">The key, where it is not.</param>
/// <param name="Share">Its share of the partition's records, 0 to 1.</param>
internal sealed record HotKeyView(string? Key, string? KeyBase64, double Share)
{
    public static HotKeyView Of(HotRecordKey key)
    {
        var name = BytesView.Of(key.Key, isCut: true);
        return new HotKeyView(name.Text, name.Base64, key.Share);
    }
}
