using System.Text;
using Groundwork.Primitives.Hashing;

namespace Groundwork.Primitives.Tests.Hashing;

public sealed class KeyPartitionTests
{
    // Apache Kafka, clients/src/test/java/org/apache/kafka/common/utils/UtilsTest.java, testMurmur2.
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void The_hash_has_the_values_of_Kafkas_own_tests(string key, int expected) =>
        Assert.Equal(expected, Murmur2.Hash(Encoding.UTF8.GetBytes(key)));

    [Fact]
    public void A_hash_below_zero_gives_a_partition_too() =>
        Assert.Equal((-973932308 & int.MaxValue) % 7, KeyPartition.Of("21"u8, 7));
}
