using System.Buffers.Binary;
using Groundwork.Broker.Protocol;
using Groundwork.Testing;

namespace Groundwork.Broker.Tests.Protocol;

public sealed class ProtocolWriterTests
{
    [Fact]
    public void Large_batches_are_sent_from_where_they_lie()
    {
        var batch = new byte[100_000];
        using var writer = new ProtocolWriter();
        var frame = writer.BeginFrame();
        writer.WriteInt32(1);
        writer.WriteRecords(new RecordBytes(batch.AsMemory(10, 90_000)), flexible: false);
        writer.WriteInt16(2);
        writer.EndFrame(frame);

        var segments = writer.Segments;
        Assert.Equal([12, 90_000, 2], segments.Select(s => s.Count));
        Assert.Same(batch, segments[1].Array);
        Assert.Equal(10, segments[1].Offset);
        Assert.Equal(90_010, BinaryPrimitives.ReadInt32BigEndian(writer.ToArray()));
        Assert.Equal(90_014, writer.Length);
    }

    [Fact]
    public void Small_ones_are_copied()
    {
        using var writer = new ProtocolWriter();
        writer.WriteRecords(new RecordBytes(new byte[ProtocolWriter.BorrowedBytes - 1]), flexible: true);

        Assert.Single(writer.Segments);
    }

    [Fact]
    public void Batches_from_several_places_are_one_field()
    {
        byte[] first = [1, 2], second = new byte[10_000], third = [3];
        using var writer = new ProtocolWriter();
        writer.WriteRecords(new RecordBytes([first, second, third]), flexible: false);

        var reader = new ProtocolReader(writer.ToArray());
        Assert.Equal([.. first, .. second, .. third], reader.ReadRecords(flexible: false).Join().ToArray());
        reader.ExpectEnd();
        Assert.Same(second, writer.Segments[1].Array);
    }

    [Fact]
    public void No_batches_and_empty_ones_are_told_apart()
    {
        using var writer = new ProtocolWriter();
        writer.WriteRecords(RecordBytes.Null, flexible: false);
        writer.WriteRecords(new RecordBytes(ReadOnlyMemory<byte>.Empty), flexible: false);

        var reader = new ProtocolReader(writer.ToArray());
        Assert.True(reader.ReadRecords(flexible: false).IsNull);
        Assert.False(reader.ReadRecords(flexible: false).IsNull);
    }

    [Fact]
    public void What_is_read_is_a_slice_of_the_request_and_no_copy()
    {
        byte[] message = [0, 0, 0, 2, 7, 8];
        var reader = new ProtocolReader(message);
        var bytes = reader.ReadBytes(flexible: false);
        message[5] = 9;

        Assert.Equal([7, 9], bytes.ToArray());
    }

    [Fact]
    public void A_frame_may_be_longer_than_a_block_and_several_may_follow_one_another()
    {
        using var writer = new ProtocolWriter();
        foreach (var size in new[] { 3, 100_000, 0 })
        {
            var frame = writer.BeginFrame();
            for (var i = 0; i < size; i++)
                writer.WriteInt8((sbyte)(i % 100));
            writer.EndFrame(frame);
        }

        var bytes = writer.ToArray();
        Assert.Equal(3, BinaryPrimitives.ReadInt32BigEndian(bytes));
        Assert.Equal(100_000, BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(7)));
        Assert.Equal(0, BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(100_011)));
        Assert.Equal(100_015, bytes.Length);
    }

    [Fact]
    public void A_writer_that_was_cleared_begins_anew_even_after_a_message_failed_in_the_middle()
    {
        using var writer = new ProtocolWriter();
        writer.WriteInt32(1);
        writer.BeginTag().WriteInt32(2);
        writer.Clear();
        Assert.Equal(0, writer.Length);
        Assert.Empty(writer.Segments);

        writer.BeginTag().WriteInt8(3);
        writer.EndTag(5);
        Assert.Equal([5, 1, 3], writer.ToArray());
    }

    [Fact]
    public void A_connection_that_answers_again_and_again_allocates_nothing_for_its_answers()
    {
        using var writer = new ProtocolWriter();
        var batch = new RecordBytes(new byte[50_000]);
        var response = new FetchResponse
        {
            Responses = [new() { Topic = "clicks", Partitions = [new() { HighWatermark = 5, Records = batch, CurrentLeader = new() { LeaderId = 1 } }] }],
        };

        Assert.Equal(0, Allocations.Fewest(() =>
        {
            writer.Clear();
            var frame = writer.BeginFrame();
            ResponseHeader.Write(writer, 1, flexible: true);
            response.Write(writer, 12);
            writer.EndFrame(frame);
            _ = writer.Segments.Count;
        }));
    }

    [Fact]
    public void A_string_that_the_protocol_cannot_say_is_refused()
    {
        using var writer = new ProtocolWriter();

        Assert.Throws<ArgumentException>(() => writer.WriteString(new string('x', 32_768), flexible: true));
    }
}
