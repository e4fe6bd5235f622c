using System.Text.Json.Serialization;
using Groundwork.Platform.Http;
using Groundwork.Ports.Messaging;
using Groundwork.Ports.Messaging.Inspection;

namespace Groundwork.Platform.Messaging.Api;

/// <summary>Some records of a partition.</summary>
/// <param name="Items">In their order.</param>
/// <param name="NextCursor">Where the next ones begin; absent at the partition's end.</param>
/// <param name="FromOffset">Where this page begins.</param>
/// <param name="NextOffset">Where the next one does, also once more has come.</param>
/// <param name="StartOffset">The offset of the partition's first record.</param>
/// <param name="EndOffset">The offset behind its last one.</param>
/// <param name="Damage">What is wrong with the records at which the page ends: they cannot be read, and the next page begins behind. Absent where nothing is.</param>
internal sealed record RecordPageView(
    IReadOnlyList<RecordView> Items, string? NextCursor, long FromOffset, long NextOffset, long StartOffset, long EndOffset, string? Damage)
{
    public static RecordPageView Of(RecordPage page, int valueBytes)
    {
        var next = page.Damage is null ? page.Next : page.Next + 1;
        return new RecordPageView(
            [.. page.Records.Select(record => RecordView.Of(record, valueBytes))],
            next < page.Offsets.End ? Cursor.Write(new OffsetPosition(next)) : null,
            page.From, next, page.Offsets.Start, page.Offsets.End, page.Damage);
    }
}

/// <summary>A record.</summary>
/// <param name="Partition">Its partition.</param>
/// <param name="Offset">Its place there.</param>
/// <param name="Time">When it happened, or was appended where the topic says so.</param>
/// <param name="Key">Its key, where that is UTF-8; without a key both are absent.</param>
/// <param name="KeyBase64">Its key, where that is not UTF-8.</param>
/// <param name="Value">Its value, where that is UTF-8; where both are absent it says that its key is gone.</param>
/// <param name="ValueBase64">Its value, where that is not UTF-8.</param>
/// <param name="ValueBytes">How many bytes the value has, where not all of them are shown.</param>
/// <param name="Headers">What goes with it, in its order.</param>
internal sealed record RecordView(
    int Partition,
    long Offset,
    DateTimeOffset Time,
    string? Key,
    string? KeyBase64,
    string? Value,
    string? ValueBase64,
    int? ValueBytes,
    IReadOnlyList<RecordHeaderView> Headers)
{
    public static RecordView Of(IncomingRecord record, int valueBytes)
    {
        BytesView? key = record.Key is { } name ? BytesView.Of(name) : null;
        BytesView? value = record.Value is { } whole ? BytesView.Of(whole[..Math.Min(whole.Length, valueBytes)], whole.Length > valueBytes) : null;
        return new RecordView(
            record.Partition, record.Offset, record.Time, key?.Text, key?.Base64, value?.Text, value?.Base64,
            value is { } shown && shown.Length < record.Value!.Value.Length ? record.Value.Value.Length : null,
            [.. record.Headers.Select(RecordHeaderView.Of)]);
    }
}

/// <summary>Something that goes with a record.</summary>
/// <param name="Name">Its name; several may have the same.</param>
/// <param name="Value">Its value, where that is UTF-8; without one both are absent.</param>
/// <param name="ValueBase64">Its value, where that is not UTF-8.</param>
internal sealed record RecordHeaderView([property: JsonRequired] string Name, string? Value = null, string? ValueBase64 = null)
{
    public static RecordHeaderView Of(RecordHeader header)
    {
        BytesView? value = header.Value is { } bytes ? BytesView.Of(bytes) : null;
        return new RecordHeaderView(header.Name, value?.Text, value?.Base64);
    }
}
