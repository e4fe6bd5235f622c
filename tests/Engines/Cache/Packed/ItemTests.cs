using System.Globalization;
using System.Text;
using Groundwork.Cache.Memory;
using Groundwork.Cache.Packed;

namespace Groundwork.Cache.Tests.Packed;

public sealed unsafe class ItemTests
{
    private static readonly HashKey Key = new(1, 2);

    [Theory]
    [InlineData("0", 1)]
    [InlineData("127", 1)]
    [InlineData("128", 2)]
    [InlineData("-1", 2)]
    [InlineData("-4096", 2)]
    [InlineData("4095", 2)]
    [InlineData("4096", 3)]
    [InlineData("-4097", 3)]
    [InlineData("32767", 3)]
    [InlineData("-32768", 3)]
    [InlineData("32768", 4)]
    [InlineData("8388607", 4)]
    [InlineData("8388608", 5)]
    [InlineData("2147483647", 5)]
    [InlineData("-2147483649", 6)]
    [InlineData("9223372036854775807", 9)]
    [InlineData("-9223372036854775808", 9)]
    [InlineData("", 1)]
    [InlineData("-", 2)]
    [InlineData("-0", 3)]
    [InlineData("007", 4)]
    [InlineData("+5", 3)]
    [InlineData("9223372036854775808", 20)]
    [InlineData("-9223372036854775809", 21)]
    [InlineData("99999999999999999999", 21)]
    [InlineData("12a", 4)]
    public void An_item_takes_so_many_bytes(string text, int bytes)
    {
        var item = new ItemText(Encoding.UTF8.GetBytes(text));
        Assert.Equal(bytes, item.EncodedBytes);
        Assert.Equal(long.TryParse(text, CultureInfo.InvariantCulture, out var number) && number.ToString(CultureInfo.InvariantCulture) == text, item.IsNumber);
    }

    [Fact]
    public void An_item_gives_back_the_bytes_it_was_made_of()
    {
        foreach (var text in Samples(new Random(1)))
        {
            using var stored = new Stored(text);
            var (item, chunks) = (stored.Item, stored.Chunks);
            Assert.Equal(text.Length, item.Length);
            Assert.Equal(text, item.ToArray(chunks));
            Assert.Equal(new ItemText(text).EncodedBytes, item.EncodedBytes);
            Assert.True(item.Is(new ItemText(text), chunks));
            Assert.Equal(new ItemText(text).Hash(Key), item.Hash(Key, chunks));
            Assert.Equal(0, item.CompareTo(text, chunks));
            Assert.Equal(PackedItem.PrefixOf(text), item.Prefix(chunks));
            var scratch = new byte[PackedItem.ScratchBytes];
            Assert.Equal(!item.IsChained, item.TryGetBytes(scratch, out var bytes));
            if (!item.IsChained)
                Assert.Equal(text, bytes.ToArray());
        }
    }

    [Fact]
    public void Items_are_told_apart_and_compare_as_their_bytes_do()
    {
        var samples = Samples(new Random(2)).Take(160).ToList();
        foreach (var text in samples)
        {
            using var stored = new Stored(text);
            foreach (var other in samples.Append([.. text, 0]).Append(text[..(text.Length / 2)]))
            {
                Assert.Equal(text.AsSpan().SequenceEqual(other), stored.Item.Is(new ItemText(other), stored.Chunks));
                Assert.Equal(Math.Sign(text.AsSpan().SequenceCompareTo(other)), Math.Sign(stored.Item.CompareTo(other, stored.Chunks)));
            }
        }
    }

    [Fact]
    public void A_long_item_costs_little_more_than_its_bytes_and_leaves_nothing_behind()
    {
        var at = stackalloc byte[ItemText.ChainBytes];
        foreach (var length in Enumerable.Range(0, 300).Select(i => 513 + (i * i)).Append(10_000_000))
        {
            var chunks = ShardMemory.Create();
            var text = new byte[length];
            new Random(length).NextBytes(text);
            new ItemText(text).Write(at, chunks);
            Assert.Equal(text, new PackedItem(at).ToArray(chunks));
            Assert.InRange(chunks.Bytes, length, length * 1.25);
            new PackedItem(at).Release(chunks);
            Assert.Equal(0, chunks.Bytes);
        }
    }

    [Fact]
    public void The_hash_of_a_long_item_is_that_of_its_bytes_in_one_piece()
    {
        foreach (var length in new[] { 513, 16_000, 16_368, 16_369, 50_000 })
        {
            var text = new byte[length];
            new Random(length).NextBytes(text);
            using var stored = new Stored(text);
            Assert.Equal(KeyedHash.Of(Key, text), stored.Item.Hash(Key, stored.Chunks));
        }
    }

    private static IEnumerable<byte[]> Samples(Random random)
    {
        for (var length = 0; length < 80; length++)
            yield return Bytes(random, length);
        foreach (var length in new[] { 126, 127, 128, 255, 256, 511, 512, 513, 514, 1_000, 4_095, 4_096, 8_000, 10_000, 15_996, 16_000, 16_368, 16_400, 70_000 })
            yield return Bytes(random, length);
        for (var bits = 0; bits < 64; bits++)
        {
            foreach (var number in new[] { (1L << bits) - 1, 1L << bits, -(1L << bits), ~(1L << bits) })
                yield return Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private sealed class Stored : IDisposable
    {
        private readonly byte* _at;

        public Stored(byte[] text)
        {
            _at = (byte*)System.Runtime.InteropServices.NativeMemory.Alloc((nuint)new ItemText(text).EncodedBytes);
            new ItemText(text).Write(_at, Chunks);
        }

        public Chunks Chunks { get; } = ShardMemory.Create();

        public PackedItem Item => new(_at);

        public void Dispose()
        {
            Item.Release(Chunks);
            Assert.Equal(0, Chunks.Bytes);
            System.Runtime.InteropServices.NativeMemory.Free(_at);
        }
    }
}
