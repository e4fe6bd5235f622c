using System.Text;
using Groundwork.Broker.Records;

namespace Groundwork.Broker.Tests.Logs;

/// <summary>Batches as producers send them.</summary>
internal static class TestBatches
{
    /// <summary>A batch of texts.</summary>
    public static byte[] Of(params string[] values) => Of(values, time: 1_000_000);

    /// <summary>A batch of texts, of a time, by a producer.</summary>
    public static byte[] Of(IEnumerable<string> values, long time = 1_000_000, long producer = -1, short epoch = -1, int sequence = -1, Codec codec = Codec.None)
    {
        var builder = new BatchBuilder();
        foreach (var value in values)
            builder.Add(time, null, Encoding.UTF8.GetBytes(value));
        return builder.Build(codec, BatchAttributes.None, producer, epoch, sequence);
    }

    /// <summary>The values of some batches that lie one behind the other.</summary>
    public static List<(long Offset, string Value)> Read(ReadOnlyMemory<byte> batches)
    {
        var values = new List<(long, string)>();
        while (!batches.IsEmpty)
        {
            var length = RecordBatch.LengthOf(batches.Span);
            foreach (var record in BatchReader.Read(batches[..length]))
                values.Add((record.Offset, Encoding.UTF8.GetString(record.Value!.Value.Span)));
            batches = batches[length..];
        }

        return values;
    }
}
