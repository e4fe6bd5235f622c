using System.Text;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Tests.Protocol;

/// <summary>
/// Bytes that were worked out by hand, from the grammar of Kafka's protocol guide (kafka.apache.org/protocol) and, for varints,
/// from the documentation of Protocol Buffers, whose encoding they are.
/// </summary>
public sealed class KnownBytesTests
{
    [Theory]
    [InlineData(0, "00")]
    [InlineData(-1, "01")]
    [InlineData(1, "02")]
    [InlineData(-2, "03")]
    [InlineData(150, "AC02")]
    [InlineData(int.MaxValue, "FEFFFFFF0F")]
    [InlineData(int.MinValue, "FFFFFFFF0F")]
    public void Signed_varints_are_zigzag(int value, string hex)
    {
        using var writer = new ProtocolWriter();
        writer.WriteVarint(value);
        writer.WriteVarlong(value);
        var reader = new ProtocolReader(writer.ToArray());

        Assert.Equal(hex + hex, Convert.ToHexString(writer.ToArray()));
        Assert.Equal(value, reader.ReadVarint());
        Assert.Equal(value, reader.ReadVarlong());
    }

    [Theory]
    [InlineData(long.MaxValue, "FEFFFFFFFFFFFFFFFF01")]
    [InlineData(long.MinValue, "FFFFFFFFFFFFFFFFFF01")]
    public void Longer_ones_too(long value, string hex)
    {
        using var writer = new ProtocolWriter();
        writer.WriteVarlong(value);
        var reader = new ProtocolReader(writer.ToArray());

        Assert.Equal(hex, Convert.ToHexString(writer.ToArray()));
        Assert.Equal(value, reader.ReadVarlong());
    }

    [Theory]
    [InlineData(0u, "00")]
    [InlineData(127u, "7F")]
    [InlineData(150u, "9601")]
    [InlineData(300u, "AC02")]
    [InlineData(uint.MaxValue, "FFFFFFFF0F")]
    public void Unsigned_varints_have_the_lowest_bits_first(uint value, string hex)
    {
        using var writer = new ProtocolWriter();
        writer.WriteUnsignedVarint(value);
        var reader = new ProtocolReader(writer.ToArray());

        Assert.Equal(hex, Convert.ToHexString(writer.ToArray()));
        Assert.Equal(value, reader.ReadUnsignedVarint());
    }

    [Fact]
    public void Every_number_is_big_endian()
    {
        using var writer = new ProtocolWriter();
        writer.WriteBoolean(true);
        writer.WriteInt8(-2);
        writer.WriteInt16(-2);
        writer.WriteUInt16(0xfedc);
        writer.WriteInt32(0x01020304);
        writer.WriteUInt32(0xfedcba98);
        writer.WriteInt64(0x0102030405060708);
        writer.WriteFloat64(1.5);
        writer.WriteUuid(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"));
        writer.WriteError(ErrorCode.Unknown);
        var bytes = writer.ToArray();
        Assert.Equal(
            "01" + "FE" + "FFFE" + "FEDC" + "01020304" + "FEDCBA98" + "0102030405060708" + "3FF8000000000000" + "00112233445566778899AABBCCDDEEFF" + "FFFF",
            Convert.ToHexString(bytes));

        var reader = new ProtocolReader(bytes);
        Assert.True(reader.ReadBoolean());
        Assert.Equal(-2, reader.ReadInt8());
        Assert.Equal(-2, reader.ReadInt16());
        Assert.Equal(0xfedc, reader.ReadUInt16());
        Assert.Equal(0x01020304, reader.ReadInt32());
        Assert.Equal(0xfedcba98, reader.ReadUInt32());
        Assert.Equal(0x0102030405060708, reader.ReadInt64());
        Assert.Equal(1.5, reader.ReadFloat64());
        Assert.Equal(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"), reader.ReadUuid());
        Assert.Equal(ErrorCode.Unknown, reader.ReadError());
        reader.ExpectEnd();
    }

    [Fact]
    public void A_request_in_the_old_encoding()
    {
        var request = new MetadataRequest { Topics = [new() { Name = "ab" }] };

        Assert.Equal(
            "00000017" + "0003" + "0004" + "00000007" + "0004" + Hex("kcat") // length, Metadata, version 4, id, client
            + "00000001" + "0002" + Hex("ab") + "01",                        // one topic, topics are made where they are not
            Framed(request, 4, 7, "kcat"));
    }

    [Fact]
    public void A_request_in_the_flexible_encoding()
    {
        var request = new ApiVersionsRequest { ClientSoftwareName = "kcat", ClientSoftwareVersion = "1.7" };

        Assert.Equal(
            "00000019" + "0012" + "0003" + "00000001" + "0004" + Hex("kcat") + "00" // the client's name has a fixed length; no tagged fields
            + "05" + Hex("kcat") + "04" + Hex("1.7") + "00",
            Framed(request, 3, 1, "kcat"));
    }

    [Fact]
    public void A_request_without_a_clients_name()
    {
        Assert.Equal("0000000A" + "0012" + "0000" + "00000001" + "FFFF", Framed(new ApiVersionsRequest(), 0, 1, null));
    }

    [Fact]
    public void A_produce_request_with_its_batches()
    {
        var request = new ProduceRequest
        {
            Acks = -1,
            TimeoutMs = 1500,
            TopicData = [new() { Name = "t", PartitionData = [new() { Index = 2, Records = new RecordBytes(new byte[] { 0xAA, 0xBB }) }] }],
        };

        Assert.Equal(
            "FFFF" + "FFFF" + "000005DC" + "00000001" + "000174" + "00000001" + "00000002" + "00000002" + "AABB",
            Convert.ToHexString(MessageCodec.Write(request, 3)));
        Assert.Equal(
            "00" + "FFFF" + "000005DC" + "02" + "0274" + "02" + "00000002" + "03" + "AABB" + "00" + "00" + "00",
            Convert.ToHexString(MessageCodec.Write(request, 9)));
    }

    [Fact]
    public void A_response_that_names_another_leader_in_a_tagged_field()
    {
        var response = new ProduceResponse
        {
            Responses =
            [
                new()
                {
                    Name = "t",
                    PartitionResponses = [new() { Index = 1, ErrorCode = ErrorCode.NotLeaderOrFollower, BaseOffset = -1, CurrentLeader = new() { LeaderId = 3, LeaderEpoch = 4 } }],
                },
            ],
        };

        Assert.Equal(
            "02" + "0274" + "02"
            + "00000001" + "0006" + "FFFFFFFFFFFFFFFF" + "FFFFFFFFFFFFFFFF" + "FFFFFFFFFFFFFFFF" + "01" + "00" // no record's errors, no text
            + "01" + "00" + "09" + "00000003" + "00000004" + "00"                                            // one tagged field: 0, of 9 bytes
            + "00"                                                                                          // the topic's tagged fields
            + "00000000" + "00",                                                                            // not throttled
            Convert.ToHexString(MessageCodec.Write(response, 10)));
    }

    [Fact]
    public void A_structure_that_is_not_there_is_a_byte()
    {
        var absent = new DescribeTopicPartitionsRequest { Topics = [], ResponsePartitionLimit = 5 };
        var present = new DescribeTopicPartitionsRequest { Topics = [], ResponsePartitionLimit = 5, Cursor = new() { TopicName = "t", PartitionIndex = 1 } };

        Assert.Equal("01" + "00000005" + "FF" + "00", Convert.ToHexString(MessageCodec.Write(absent, 0)));
        Assert.Equal("01" + "00000005" + "01" + "0274" + "00000001" + "00" + "00", Convert.ToHexString(MessageCodec.Write(present, 0)));
    }

    [Fact]
    public void The_records_of_committed_offsets()
    {
        Assert.Equal(
            "0001" + "000167" + "000174" + "00000005",
            Convert.ToHexString(VersionedData.Write(new OffsetCommitKey { Group = "g", Topic = "t", Partition = 5 }, 1)));
        Assert.Equal(
            "0003" + "0000000000000009" + "00000002" + "00016D" + "0000000000000064",
            Convert.ToHexString(VersionedData.Write(new OffsetCommitValue { Offset = 9, LeaderEpoch = 2, Metadata = "m", CommitTimestamp = 100 }, 3)));
        Assert.Equal("0002" + "000167", Convert.ToHexString(VersionedData.Write(new GroupMetadataKey { Group = "g" }, 2)));
    }

    [Fact]
    public void The_record_of_a_group()
    {
        var group = new GroupMetadataValue
        {
            ProtocolType = "consumer",
            Generation = 1,
            Protocol = "range",
            Leader = "m",
            CurrentStateTimestamp = 2,
            Members = [new() { MemberId = "m", ClientId = "c", ClientHost = "/h", RebalanceTimeout = 3, SessionTimeout = 4, Subscription = new byte[] { 5 }, Assignment = new byte[] { 6 } }],
        };

        Assert.Equal(
            "0003" + "0008" + Hex("consumer") + "00000001" + "0005" + Hex("range") + "00016D" + "0000000000000002" + "00000001"
            + "00016D" + "FFFF" + "000163" + "0002" + Hex("/h") + "00000003" + "00000004" + "00000001" + "05" + "00000001" + "06",
            Convert.ToHexString(VersionedData.Write(group, 3)));
    }

    [Fact]
    public void What_consumers_tell_one_another()
    {
        var subscription = new ConsumerProtocolSubscription { Topics = ["t"], OwnedPartitions = [new() { Topic = "t", Partitions = [1] }], GenerationId = 7, RackId = "r" };
        var assignment = new ConsumerProtocolAssignment { AssignedPartitions = [new() { Topic = "t", Partitions = [0, 1] }] };

        Assert.Equal("0000" + "00000001" + "000174" + "FFFFFFFF", Convert.ToHexString(VersionedData.Write(new ConsumerProtocolSubscription { Topics = ["t"] }, 0)));
        Assert.Equal(
            "0003" + "00000001" + "000174" + "FFFFFFFF" + "00000001" + "000174" + "00000001" + "00000001" + "00000007" + "000172",
            Convert.ToHexString(VersionedData.Write(subscription, 3)));
        Assert.Equal(
            "0000" + "00000001" + "000174" + "00000002" + "00000000" + "00000001" + "FFFFFFFF",
            Convert.ToHexString(VersionedData.Write(assignment, 0)));
    }

    private static string Framed(IRequest request, short version, int id, string? client)
    {
        using var writer = new ProtocolWriter();
        var frame = writer.BeginFrame();
        new RequestHeader((short)request.Api, version, id, client).Write(writer, ApiCatalog.Get(request.Api).RequestHeaderVersion(version));
        request.Write(writer, version);
        writer.EndFrame(frame);
        return Convert.ToHexString(writer.ToArray());
    }

    private static string Hex(string text) => Convert.ToHexString(Encoding.UTF8.GetBytes(text));
}
