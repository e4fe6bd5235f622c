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
