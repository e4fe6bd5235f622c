using Groundwork.Cache.Memory;
using Groundwork.Cache.Packed;

namespace Groundwork.Cache.Tests.Packed;

public sealed unsafe class PackedItemsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    public void A_range_does_what_a_list_does(int payloadBytes)
    {
        var random = new Random(payloadBytes);
        var chunks = ShardMemory.Create();
        var memory = new byte[64_000];
        fixed (byte* start = memory)
        {
            var model = new List<(byte[] Text, ulong Payload)>();
            var length = 0;
            for (var step = 0; step < 40_000; step++)
            {
                var items = new PackedItems(start, length, payloadBytes);
                var at = random.Next(model.Count + 1);
                var position = Position(items, model.Count, at, random);
                var text = Texts.Draw(random);
                switch (random.Next(model.Count > 80 ? 2 : 1, 5))
                {
                    case 1 when at < model.Count:
                        model.RemoveRange(at, Math.Min(2, model.Count - at));
                        length = items.Delete(position, Math.Min(2, items.Count() - at), chunks);
                        break;
                    case 2 when at < model.Count:
                        model[at] = (text, model[at].Payload);
                        length = items.Replace(position, new ItemText(text), chunks);
                        break;
                    case 3 when at < model.Count && payloadBytes > 0:
                        var payload = (ulong)random.NextInt64();
                        model[at] = (model[at].Text, payload);
                        items.SetPayload(position, payload);
                        break;
                    case 4 when model.Count < 100:
                        var given = payloadBytes == 0 ? 0 : (ulong)random.NextInt64();
                        model.Insert(at, (text, given));
                        length = items.Insert(position, new ItemText(text), given, chunks);
                        break;
                    default:
                        if (at < model.Count)
                        {
                            model.RemoveAt(at);
                            length = items.Delete(position, 1, chunks);
                        }

                        break;
                }

                if (step % 16 == 0)
                    AssertSame(model, new PackedItems(start, length, payloadBytes), chunks);
            }

            new PackedItems(start, length, payloadBytes).Release(chunks);
            Assert.Equal(0, chunks.Bytes);
        }
    }

    [Fact]
    public void Keys_are_found_among_alternating_keys_and_values()
    {
        var chunks = ShardMemory.Create();
        var memory = new byte[1_000];
        fixed (byte* start = memory)
        {
            var length = 0;
            foreach (var text in new[] { "b", "a", "a", "1", "c", "b" })
                length = new PackedItems(start, length, 0).Insert(length, new ItemText(Texts.Of(text)), 0, chunks);
            var items = new PackedItems(start, length, 0);
            Assert.Equal(items.Skip(2), items.Find(new ItemText("a"u8), chunks, step: 2));
            Assert.Equal(0, items.Find(new ItemText("b"u8), chunks, step: 2));
            Assert.Equal(items.Skip(4), items.Find(new ItemText("c"u8), chunks, step: 2));
            Assert.Equal(-1, items.Find(new ItemText("1"u8), chunks, step: 2));
        }
    }

    [Fact]
    public void A_place_is_found_in_a_range_of_scores()
    {
        var chunks = ShardMemory.Create();
        var memory = new byte[1_000];
        fixed (byte* start = memory)
        {
            var length = 0;
            foreach (var (score, member) in new[] { (1.0, "a"), (1.0, "c"), (2.0, "a"), (3.0, "7") })
                length = new PackedItems(start, length, 8).Insert(length, new ItemText(Texts.Of(member)), BitConverter.DoubleToUInt64Bits(score), chunks);
            var items = new PackedItems(start, length, 8);
            Assert.True(items.Find(ScoreProbe.At(2, "a"u8), chunks, out var position, out var index));
            Assert.Equal((items.Skip(2), 2), (position, index));
            Assert.False(items.Find(ScoreProbe.At(1, "b"u8), chunks, out position, out index));
            Assert.Equal((items.Skip(1), 1), (position, index));
            Assert.False(items.Find(ScoreProbe.After(3), chunks, out position, out index));
            Assert.Equal((length, 4), (position, index));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_range_becomes_a_table_a_list_or_a_sorted_set(int seed)
    {
        var random = new Random(seed);
        var chunks = ShardMemory.Create();
        var memory = new byte[100_000];
        fixed (byte* start = memory)
        {
            var texts = Enumerable.Range(0, 200).Select(_ => Texts.Draw(random)).DistinctBy(Convert.ToHexString).Take(128).ToArray();
            var (plain, scored) = (0, 0);
            for (var i = 0; i < texts.Length; i++)
                plain = new PackedItems(start, plain, 0).Insert(plain, new ItemText(texts[i]), 0, chunks);
            var items = new PackedItems(start, plain, 0);
            var scores = start + plain;
            for (var i = 0; i < texts.Length; i++)
                scored = new PackedItems(scores, scored, 8).Insert(scored, new ItemText(texts[i]), BitConverter.DoubleToUInt64Bits(i), chunks);
            var ranked = new PackedItems(scores, scored, 8);
            var (values, members, list, set) = (new TableRoot { Shape = TableShape.Values }, new TableRoot { Shape = TableShape.Scores }, new TreeRoot(), new TreeRoot());
            new PackedTable(chunks, new HashKey(1, 2), ref values).AddAll(items);
            new PackedTable(chunks, new HashKey(1, 2), ref members).AddAll(ranked);
            new PackedList(chunks, ref list).AddAll(items);
            new PackedSortedSet(chunks, ref set).AddAll(ranked);
            items.Release(chunks);
            ranked.Release(chunks);
            for (var i = 0; i < texts.Length; i++)
            {
                Assert.Equal(texts[i], new PackedList(chunks, ref list)[(uint)i].ToArray(chunks));
                Assert.Equal(i, new PackedSortedSet(chunks, ref set).RankOf(i, texts[i]));
                Assert.True(new PackedTable(chunks, new HashKey(1, 2), ref members).TryGet(texts[i], out var member));
                Assert.Equal(i, member.Score);
                if (i % 2 == 0 && i + 1 < texts.Length)
                {
                    Assert.True(new PackedTable(chunks, new HashKey(1, 2), ref values).TryGet(texts[i], out var entry));
                    Assert.Equal(texts[i + 1], entry.Value.ToArray(chunks));
                }
            }

            new PackedTable(chunks, new HashKey(1, 2), ref values).Clear();
            new PackedTable(chunks, new HashKey(1, 2), ref members).Clear();
            new PackedList(chunks, ref list).Clear();
            new PackedSortedSet(chunks, ref set).Clear();
            Assert.Equal(0, chunks.Bytes);
        }
    }

    [Fact]
    public void Sixteen_bytes_take_eighteen_and_a_small_number_two()
    {
        Assert.Equal(18, PackedItems.EntryBytes(new ItemText("0123456789abcdef"u8), 0));
        Assert.Equal(2, PackedItems.EntryBytes(new ItemText("99"u8), 0));
    }

    private static int Position(PackedItems items, int count, int index, Random random) =>
        random.Next(2) == 0 ? items.Skip(index) : items.SkipBack(count - index, items.Length);

    private static void AssertSame(List<(byte[] Text, ulong Payload)> model, PackedItems items, Chunks chunks)
    {
        Assert.Equal(model.Count, items.Count());
        Assert.Equal(model.Count == 0 ? -1 : items.Skip(model.Count - 1), items.Last);
        var position = 0;
        foreach (var (text, payload) in model)
        {
            Assert.Equal(text, items[position].ToArray(chunks));
            if (payload != 0)
                Assert.Equal(payload, items.Payload(position));
            position = items.Next(position);
        }

        foreach (var (text, _) in Enumerable.Reverse(model))
        {
            position = items.Previous(position);
            Assert.Equal(text, items[position].ToArray(chunks));
        }
    }
}
