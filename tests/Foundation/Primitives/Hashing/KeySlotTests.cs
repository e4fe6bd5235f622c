using System.Text;
using CsCheck;
using Groundwork.Primitives.Hashing;

namespace Groundwork.Primitives.Tests.Hashing;

public sealed class KeySlotTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("123456789", 0x31C3)] // the check value of CRC-16/XMODEM, which Redis Cluster's specification names too
    [InlineData("A", 0x58E5)]
    public void The_checksum_has_the_standards_values(string text, int expected) =>
        Assert.Equal(expected, Crc16.Hash(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void The_checksum_of_any_bytes_is_the_remainder_of_their_polynomial()
        => Gen.Byte.Array[0, 100].Sample(bytes =>
        {
            var remainder = 0;
            foreach (var value in bytes)
            {
                for (var bit = 7; bit >= 0; bit--)
                {
                    var carry = (remainder >> 15) ^ ((value >> bit) & 1);
                    remainder = ((remainder << 1) & 0xFFFF) ^ (carry * 0x1021);
                }
            }

            return Crc16.Hash(bytes) == remainder;
        });

    [Theory]
    [InlineData("somekey", 11058)] // this and the next two are the examples of Redis' page on CLUSTER KEYSLOT
    [InlineData("foo{hash_tag}", 2515)]
    [InlineData("bar{hash_tag}", 2515)]
    [InlineData("", 0)]
    public void A_key_is_in_the_slot_that_Redis_puts_it_in(string key, int slot) =>
        Assert.Equal(slot, KeySlot.Of(Encoding.UTF8.GetBytes(key)));

    // The first four are the examples of Redis Cluster's specification, "Hash tags".
    [Theory]
    [InlineData("{user1000}.following", "user1000")]
    [InlineData("foo{}{bar}", "foo{}{bar}")]
    [InlineData("foo{{bar}}zap", "{bar")]
    [InlineData("foo{bar}{zap}", "bar")]
    [InlineData("foo", "foo")]
    [InlineData("foo{bar", "foo{bar")]
    [InlineData("foo}bar{", "foo}bar{")]
    [InlineData("}{a}", "a")]
    [InlineData("{}", "{}")]
    [InlineData("{a}", "a")]
    public void What_stands_in_the_first_braces_is_what_counts(string key, string part) =>
        Assert.Equal(part, Encoding.UTF8.GetString(KeySlot.HashedPart(Encoding.UTF8.GetBytes(key))));

    [Fact]
    public void Keys_with_one_tag_are_in_one_slot_whatever_else_they_are_called()
        => Gen.Select(Gen.Byte.Array[0, 20], Gen.Byte.Array[1, 20], Gen.Byte.Array[0, 20]).Sample((before, tag, after) =>
        {
            before = [.. before.Where(b => b != '{')];
            tag = [.. tag.Where(b => b != '}')];
            return tag.Length == 0 || KeySlot.Of([.. before, (byte)'{', .. tag, (byte)'}', .. after]) == Crc16.Hash(tag) % KeySlot.Count;
        });

    [Fact]
    public void Keys_that_count_up_fill_all_slots_alike()
    {
        const int PerSlot = 100;
        var filled = new int[KeySlot.Count];
        for (var i = 0; i < PerSlot * KeySlot.Count; i++)
            filled[KeySlot.Of(Encoding.ASCII.GetBytes($"user:{i}"))]++;
        Assert.InRange(filled.Min(), PerSlot / 2, PerSlot);
        Assert.InRange(filled.Max(), PerSlot, PerSlot * 2);
    }
}
