using Groundwork.Cache.Memory;
using Groundwork.Cache.Packed;

namespace Groundwork.Cache.Tests.Packed;

public sealed class PackedListTests
{
    [Theory]
    [InlineData(1, 40)]
    [InlineData(2, 1_000)]
    [InlineData(3, 10_000)]
    public void A_packed_list_does_what_a_list_does(int seed, int size)
    {
        var random = new Random(seed);
        var chunks = ShardMemory.Create();
        var root = new TreeRoot();
        var list = new PackedList(chunks, ref root);
        var model = new List<byte[]>();
        for (var step = 0; step < 120_000; step++)
        {
            // It grows to its size, shrinks to nothing, and again.
            var growing = step % 40_000 < 20_000;
            var at = random.Next(model.Count + 1);
            var text = Texts.Draw(random);
            switch (random.Next(10))
            {
                case < 3:
                    if (growing && model.Count < size)
                    {
                        list.Insert((uint)at, text);
                        model.Insert(at, text);
                    }
                    else if (at < model.Count)
                    {
                        list.RemoveRange((uint)at, 1);
                        model.RemoveAt(at);
                    }

                    break;
                case 3:
                    list.PushFirst(text);
                    model.Insert(0, text);
                    break;
                case 4:
                    list.PushLast(text);
                    model.Add(text);
                    break;
                case 5 when model.Count > 0:
                    Assert.Equal(model[0], list.First.ToArray(chunks));
                    list.RemoveRange(0, 1);
                    model.RemoveAt(0);
                    break;
                case 6 when model.Count > 0:
                    Assert.Equal(model[^1], list.Last.ToArray(chunks));
                    list.RemoveRange(list.Count - 1, 1);
                    model.RemoveAt(model.Count - 1);
                    break;
                case 7 when at < model.Count:
                    list.Set((uint)at, text);
                    model[at] = text;
                    break;
                case 8 when at < model.Count && !growing:
                    var count = Math.Min(random.Next(random.Next(size)) / 50, model.Count - at);
                    list.RemoveRange((uint)at, (uint)count);
                    model.RemoveRange(at, count);
                    break;
                default:
                    break;
            }

            Assert.Equal((uint)model.Count, list.Count);
            Assert.Equal(chunks.Bytes, list.Bytes);
            if (model.Count > 0)
            {
                var probed = random.Next(model.Count);
                Assert.Equal(model[probed], list[(uint)probed].ToArray(chunks));
            }

            if (step % 4_000 == 3_999)
                AssertSame(model, list, chunks);
        }

        list.Clear();
        Assert.Equal(0, chunks.Bytes);
        Assert.Equal(default, root);
    }

    [Fact]
    public void A_list_is_walked_from_any_index_either_way()
    {
        var chunks = ShardMemory.Create();
        var root = new TreeRoot();
        var list = new PackedList(chunks, ref root);
        Assert.False(list.From(0).IsAtEntry);
        Assert.False(list.From(0).MovePrevious());
        for (var i = 0; i < 2_000; i++)
            list.PushLast(Texts.Of("", i, 20));
        for (var from = 0; from <= 2_000; from += 50)
        {
            var cursor = list.From((uint)from);
            for (var i = from; i < 2_000; i++)
            {
                Assert.True(cursor.IsAtEntry);
                Assert.Equal(Texts.Of("", i, 20), cursor.Current.Item.ToArray(chunks));
                Assert.Equal(i < 1_999, cursor.MoveNext());
            }

            Assert.False(cursor.IsAtEntry);
            Assert.False(cursor.MoveNext());
            for (var i = 1_999; i >= 0; i--)
            {
                Assert.True(cursor.MovePrevious());
                Assert.Equal(Texts.Of("", i, 20), cursor.Current.Item.ToArray(chunks));
            }

            Assert.False(cursor.MovePrevious());
        }
    }

    [Fact]
    public void A_million_items_of_16_bytes_take_20_bytes_each_at_most_however_they_were_pushed()
    {
        foreach (var atFront in new[] { false, true })
        {
            var chunks = ShardMemory.Create();
            var root = new TreeRoot();
            var list = new PackedList(chunks, ref root);
            for (var i = 0; i < 1_000_000; i++)
            {
                if (atFront)
                    list.PushFirst(Texts.Of("", i, 16));
                else
                    list.PushLast(Texts.Of("", i, 16));
            }

            Assert.InRange(chunks.Bytes / 1e6, 10, 20);
            list.Tree.Verify();
            list.RemoveRange(0, 1_000_000);
            Assert.Equal(0, chunks.Bytes);
        }
    }

    [Fact]
    public void A_queue_that_runs_long_takes_the_memory_of_what_is_in_it()
    {
        var chunks = ShardMemory.Create();
        var root = new TreeRoot();
        var list = new PackedList(chunks, ref root);
        for (var i = 0; i < 200_000; i++)
        {
            list.PushFirst(Texts.Of("job:", i, 20));
            if (i < 1_000)
                continue;
            Assert.Equal(Texts.Of("job:", i - 1_000, 20), list.Last.ToArray(chunks));
            list.RemoveRange(list.Count - 1, 1);
            Assert.InRange(chunks.Bytes, 0, 1_000 * 22 * 3 / 2);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_list_that_is_taken_from_an_end_one_by_one_gives_back_its_memory_on_the_way(bool atFront)
    {
        const int EntryBytes = 22;
        var chunks = ShardMemory.Create();
        var root = new TreeRoot();
        var list = new PackedList(chunks, ref root);
        for (var i = 0; i < 3_000; i++)
            list.PushLast(Texts.Of("item:", i, 20));
        while (list.Count > 0)
        {
            // Beside what its leaves are rounded up to: at most what one begun at an end has, and a node.
            Assert.InRange(chunks.Bytes, list.Count * EntryBytes, (list.Count * EntryBytes * 5 / 4) + 1_024);
            list.RemoveRange(atFront ? 0 : list.Count - 1, 1);
            list.Tree.Verify();
        }

        Assert.Equal(0, chunks.Bytes);
    }

    [Fact]
    public void Leaves_stay_half_full_whatever_is_removed()
    {
        var random = new Random(7);
        var chunks = ShardMemory.Create();
        var root = new TreeRoot();
        var list = new PackedList(chunks, ref root);
        for (var i = 0; i < 100_000; i++)
            list.Insert((uint)random.Next(i + 1), Texts.Of("item:", i, 20));
        while (list.Count > 1_000)
        {
            list.RemoveRange((uint)random.Next((int)list.Count), 1);
            if (list.Count % 9_000 == 0)
                Assert.InRange(list.Count * 22.0 / list.Tree.Leaves, ByPosition.MaxLeafBytes / 2, ByPosition.MaxLeafBytes);
        }

        list.Tree.Verify();
    }

    [Fact]
    public void A_list_that_nobody_reaches_is_freed_in_parts()
    {
        var chunks = ShardMemory.Create();
        var root = new TreeRoot();
        var list = new PackedList(chunks, ref root);
        for (var i = 0; i < 10_000; i++)
            list.PushLast(Texts.Of("", i, i % 100 == 0 ? 20_000 : 20));
        var parts = 1;
        for (; !list.ClearSome(128); parts++)
            Assert.Equal(chunks.Bytes, list.Bytes);
        Assert.Equal(79, parts);
        Assert.Equal(0, chunks.Bytes);
    }

    private static void AssertSame(List<byte[]> model, PackedList list, Chunks chunks)
    {
        list.Tree.Verify();
        var cursor = list.From(0);
        foreach (var text in model)
        {
            Assert.Equal(text, cursor.Current.Item.ToArray(chunks));
            cursor.MoveNext();
        }

        Assert.False(cursor.IsAtEntry);
        for (var i = model.Count - 1; i >= 0; i--)
        {
            Assert.True(cursor.MovePrevious());
            Assert.Equal(model[i], cursor.Current.Item.ToArray(chunks));
        }
    }
}
