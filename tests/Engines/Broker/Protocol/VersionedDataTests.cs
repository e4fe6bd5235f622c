using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Tests.Protocol;

public sealed class VersionedDataTests
{
    private static readonly byte[] Newer =
        [0, 9, .. VersionedData.Write(new ConsumerProtocolSubscription { Topics = ["t"], GenerationId = 4 }, 3)[2..], 1, 2, 3];

    [Fact]
    public void What_consumers_of_a_newer_version_say_is_read_as_far_as_it_is_known()
    {
        var read = VersionedData.ReadGrowing<ConsumerProtocolSubscription>(Newer);

        Assert.Equal(["t"], read.Topics);
        Assert.Equal(4, read.GenerationId);
    }

    [Fact]
    public void A_record_of_a_newer_version_is_refused() => Assert.Equal(
        "ConsumerProtocolSubscription of version 9 is newer than 3, the newest that is known.",
        Assert.Throws<ProtocolException>(() => VersionedData.Read<ConsumerProtocolSubscription>(Newer)).Message);

    [Fact]
    public void Keys_are_told_apart_by_their_version()
    {
        var group = VersionedData.Write(new GroupMetadataKey { Group = "g" }, 2);

        Assert.Equal(2, VersionedData.Version(group));
        Assert.Throws<ProtocolException>(() => VersionedData.Read<OffsetCommitKey>(group));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    public void Data_without_a_version_is_refused(string hex) =>
        Assert.Throws<ProtocolException>(() => VersionedData.Read<OffsetCommitKey>(Convert.FromHexString(hex)));

    [Fact]
    public void A_version_that_does_not_exist_is_not_written() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => VersionedData.Write(new GroupMetadataKey { Group = "g" }, 1));

    [Fact]
    public void Bytes_behind_a_record_are_refused() => Assert.Throws<ProtocolException>(
        () => VersionedData.Read<GroupMetadataKey>((byte[])[.. VersionedData.Write(new GroupMetadataKey { Group = "g" }, 2), 0]));
}
