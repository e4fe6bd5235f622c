using System.Globalization;
using Groundwork.Cache.Memory;
using Groundwork.Cache.Packed;

namespace Groundwork.Cache.Tests.Packed;

public sealed class PackedTableTests
{
    private static readonly HashKey Key = new(0x1234, 0x5678);

    [Theory]
    [InlineData(1, 300)]
    [InlineData(2, 3_000)]
    [InlineData(3, 20_000)]
    public void A_table_of_values_does_what_a_dictionary_does(int seed, int fields)
    {
        var random = new Random(seed);
        var chunks = ShardMemory.Create();
        var root = new TableRoot { Shape = TableShape.Values };
        var names = Enumerable.Range(0, fields).Select(_ => Texts.Draw(random)).DistinctBy(Convert.ToHexString).ToArray();
        var model = new Dictionary<string, byte[]>();
        var table = new PackedTable(chunks, Key, ref root);
        for (var step = 0; step < 120_000; step++)
        {
            // It grows, and shrinks, and grows again.
            var field = names[random.Next(names.Length)];
            var name = Convert.ToHexString(field);
            if (random.Next(100) < (step % 60_000 < 30_000 ? 70 : 30))
            {
                var value = Texts.Draw(random);
                Assert.Equal(model.ContainsKey(name) ? TableChange.Replaced : TableChange.Added, table.Set(field, value));
                model[name] = value;
            }
            else
            {
                Assert.Equal(model.Remove(name), table.Remove(field));
            }

            Assert.Equal(model.Count, (int)table.Count);
            Assert.Equal(chunks.Bytes, table.Bytes);
            var probed = names[random.Next(names.Length)];
            Assert.Equal(model.TryGetValue(Convert.ToHexString(probed), out var expected), table.TryGet(probed, out var entry));
            if (expected is not null)
                Assert.Equal(expected, entry.Value.ToArray(chunks));
            if (step % 10_000 == 9_999)
                AssertSame(model, table, chunks);
        }

        foreach (var name in model.Keys.Skip(model.Count / 2).ToList())
        {
            Assert.True(table.Remove(Convert.FromHexString(name)));
            model.Remove(name);
        }

        AssertSame(model, table, chunks);
        table.Clear();
        Assert.Equal(0, chunks.Bytes);
        Assert.Equal(new TableRoot { Shape = TableShape.Values }, root);
    }

    [Fact]
    public void A_table_of_scores_keeps_them()
    {
        var random = new Random(4);
        var chunks = ShardMemory.Create();
        var root = new TableRoot { Shape = TableShape.Scores };
        var table = new PackedTable(chunks, Key, ref root);
        var model = new Dictionary<int, double>();
        for (var step = 0; step < 100_000; step++)
        {
            var member = random.Next(5_000);
            var text = Texts.Of("member:", member, 16);
            if (random.Next(3) > 0)
            {
                var score = random.NextDouble();
                Assert.Equal(model.ContainsKey(member) ? TableChange.Replaced : TableChange.Added, table.SetScore(text, score));
                model[member] = score;
            }
            else
            {
                Assert.Equal(model.Remove(member), table.Remove(text));
            }
        }

        foreach (var (member, score) in model)
        {
            Assert.True(table.TryGet(Texts.Of("member:", member, 16), out var entry));
            Assert.Equal(score, entry.Score);
        }

        foreach (var member in model.Keys)
            Assert.True(table.Remove(Texts.Of("member:", member, 16)));
        Assert.Equal(0, chunks.Bytes); // empty, nothing is left of it
        Assert.Equal(new TableRoot { Shape = TableShape.Scores }, root);
    }

    [Fact]
    public void A_million_fields_of_16_bytes_take_22_bytes_each_at_most()
    {
        const int Fields = 1_000_000;
        var chunks = ShardMemory.Create();
        var root = new TableRoot { Shape = TableShape.Fields };
        var table = new PackedTable(chunks, Key, ref root);
        for (var i = 0; i < Fields; i++)
            Assert.True(table.Add(Texts.Of("", i, 16)));
        for (var i = 0; i < Fields; i += 7)
            Assert.False(table.Add(Texts.Of("", i, 16)));
        Assert.Equal(Fields, (int)table.Count);

        // The item of 17 bytes, its tag, and its part of the bucket and of the directory.
        Assert.InRange(chunks.Bytes / (double)Fields, 18, 22);

        for (var i = 0; i < Fields; i++)
            Assert.True(table.Remove(Texts.Of("", i, 16)));
        Assert.Equal(0, chunks.Bytes);
    }

    [Fact]
    public void A_table_that_lost_most_of_its_fields_gives_their_memory_back()
    {
        var chunks = ShardMemory.Create();
        var root = new TableRoot { Shape = TableShape.Values };
        var table = new PackedTable(chunks, Key, ref root);
        for (var i = 0; i < 100_000; i++)
            table.Set(Texts.Of("field:", i, 16), Texts.Of("value:", i, 16));
        for (var i = 0; i < 99_000; i++)
            table.Remove(Texts.Of("field:", i, 16));
        Assert.InRange(chunks.Bytes, 0, 1_000 * 35 * 2);
        for (var i = 99_000; i < 100_000; i++)
            Assert.True(table.Contains(Texts.Of("field:", i, 16)));
    }

    [Fact]
    public void All_values_may_become_as_long_as_stand_in_buckets_and_short_again()
    {
        var chunks = ShardMemory.Create();
        var root = new TableRoot { Shape = TableShape.Values };
        var table = new PackedTable(chunks, Key, ref root);
        foreach (var length in new[] { 1, ItemText.MaxInline, ItemText.MaxInline + 1, 1 })
        {
            for (var i = 0; i < 20_000; i++)
                table.Set(Texts.Of("", i, 8), Texts.Of("", i % 10, length));
            for (var i = 0; i < 20_000; i++)
            {
                Assert.True(table.TryGet(Texts.Of("", i, 8), out var entry));
                Assert.Equal(Texts.Of("", i % 10, length), entry.Value.ToArray(chunks));
            }

            Assert.Equal(chunks.Bytes, table.Bytes);
        }

        table.Clear();
        Assert.Equal(0, chunks.Bytes);
    }

    [Fact]
    public void A_table_that_lost_large_entries_keeps_no_directory_of_their_size()
    {
        var chunks = ShardMemory.Create();
        var root = new TableRoot { Shape = TableShape.Values };
        var table = new PackedTable(chunks, Key, ref root);
        for (var i = 0; i < 5_000; i++)
            table.Set(Texts.Of("", i, ItemText.MaxInline), Texts.Of("", i, ItemText.MaxInline));
        for (var i = 1; i < 5_000; i++)
            table.Remove(Texts.Of("", i, ItemText.MaxInline));
        Assert.InRange(chunks.Bytes, 1_024, 1_500);
    }

    [Fact]
    public void A_table_that_nobody_reaches_is_freed_in_parts()
    {
        var chunks = ShardMemory.Create();
        var root = new TableRoot { Shape = TableShape.Fields };
        var table = new PackedTable(chunks, Key, ref root);
        for (var i = 0; i < 10_000; i++)
            table.Add(Texts.Of("", i, i % 10 == 0 ? 600 : 20));
        var parts = 1;
        for (; !table.ClearSome(10); parts++)
            Assert.Equal(chunks.Bytes, table.Bytes);
        Assert.InRange(parts, 40, 4_000);
        Assert.Equal(0, chunks.Bytes);
        Assert.Equal(0u, table.Count);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void A_scan_returns_once_whatever_was_there_all_the_time(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 60; round++)
        {
            var chunks = ShardMemory.Create();
            var root = new TableRoot { Shape = TableShape.Fields };
            var table = new PackedTable(chunks, Key, ref root);
            var stays = random.Next(1, 2_000);
            for (var i = 0; i < stays; i++)
                table.Add(Texts.Of("stays", i, 12));

            // Others come and go between the calls: at times by thousands, so that the table grows and shrinks by several rounds.
            var seen = new Dictionary<string, int>();
            var (others, next) = (new Queue<int>(), 0);
            var cursor = 0UL;
            var calls = 0;
            do
            {
                var collector = new Collector(chunks, seen);
                cursor = table.Scan(cursor, random.Next(1, 200), ref collector);
                var change = random.Next(-3_000, 3_000);
                for (; change > 0 && others.Count < 20_000; change--, next++)
                {
                    table.Add(Texts.Of("other", next, 12));
                    others.Enqueue(next);
                }

                for (; change < 0 && others.TryDequeue(out var gone); change++)
                    table.Remove(Texts.Of("other", gone, 12));
                Assert.True(++calls < 20_000);
            }
            while (cursor != 0);

            for (var i = 0; i < stays; i++)
                Assert.Equal(1, seen.GetValueOrDefault("stays" + i.ToString(CultureInfo.InvariantCulture).PadLeft(7, '0')));
        }
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL)]
    [InlineData(0xFFFF_FFFFUL)]
    [InlineData(0x1_0000_0000UL)]
    [InlineData(ulong.MaxValue)]
    public void A_scan_takes_any_cursor(ulong cursor)
    {
        var chunks = ShardMemory.Create();
        var root = new TableRoot { Shape = TableShape.Fields };
        var table = new PackedTable(chunks, Key, ref root);
        var collector = new Collector(chunks, []);
        Assert.Equal(0UL, table.Scan(cursor, 10, ref collector));
        for (var i = 0; i < 1_000; i++)
            table.Add(Texts.Of("", i, 12));
        for (var calls = 0; cursor != 0 || calls == 0; calls++)
        {
            cursor = table.Scan(cursor, 10, ref collector);
            Assert.InRange(calls, 0, 100);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(100)]
    [InlineData(1_500)]
    public void Every_field_is_as_likely_to_be_drawn(int fields)
    {
        const int DrawsPerField = 400;
        var chunks = ShardMemory.Create();
        var root = new TableRoot { Shape = TableShape.Fields };
        var table = new PackedTable(chunks, Key, ref root);
        for (var i = 0; i < fields; i++)
            table.Add(Texts.Of("", i, 12));
        var random = new Random(5);
        var drawn = new int[fields];
        for (var i = 0; i < fields * DrawsPerField; i++)
            drawn[Number(TableSampling.Draw(table, random).Field)]++;

        // χ² of that many degrees of freedom: its mean and five standard deviations.
        var chi = drawn.Sum(n => Math.Pow(n - DrawsPerField, 2) / DrawsPerField);
        Assert.InRange(chi, 0, fields - 1 + (5 * Math.Sqrt(2 * fields)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(300)]
    [InlineData(400)]
    [InlineData(999)]
    [InlineData(1_000)]
    [InlineData(5_000)]
    public void Distinct_fields_are_drawn_evenly(int count)
    {
        const int Fields = 1_000;
        var chunks = ShardMemory.Create();
        var root = new TableRoot { Shape = TableShape.Fields };
        var table = new PackedTable(chunks, Key, ref root);
        for (var i = 0; i < Fields; i++)
            table.Add(Texts.Of("", i, 12));
        var random = new Random(6);
        var drawn = new int[Fields];
        var runs = 200_000 / Math.Min(count, Fields);
        for (var run = 0; run < runs; run++)
        {
            var seen = new Dictionary<string, int>();
            var collector = new Collector(chunks, seen);
            TableSampling.DrawDistinct(table, random, count, ref collector);
            Assert.Equal(Math.Min(count, Fields), seen.Count);
            Assert.All(seen.Values, times => Assert.Equal(1, times));
            foreach (var name in seen.Keys)
                drawn[int.Parse(name, CultureInfo.InvariantCulture)]++;
        }

        var mean = (double)runs * Math.Min(count, Fields) / Fields;
        Assert.All(drawn, n => Assert.InRange(n, mean - (6 * Math.Sqrt(mean)), mean + (6 * Math.Sqrt(mean))));
    }

    private static int Number(PackedItem item) => int.Parse(item.ToArray(ShardMemory.Create()), CultureInfo.InvariantCulture);

    private static void AssertSame(Dictionary<string, byte[]> model, PackedTable table, Chunks chunks)
    {
        var seen = 0;
        foreach (var entry in table)
        {
            Assert.Equal(model[Convert.ToHexString(entry.Field.ToArray(chunks))], entry.Value.ToArray(chunks));
            seen++;
        }

        Assert.Equal(model.Count, seen);
    }

    private readonly struct Collector(Chunks chunks, Dictionary<string, int> seen) : ITableVisitor
    {
        public void Visit(TableEntry entry)
        {
            var name = System.Text.Encoding.UTF8.GetString(entry.Field.ToArray(chunks));
            seen[name] = seen.GetValueOrDefault(name) + 1;
        }
    }
}
