using System.Globalization;
using Groundwork.Ports.Messaging;
using Groundwork.Primitives.Hashing;

namespace Groundwork.Testing.Messaging;

public abstract partial class BrokerContract
{
    [Fact]
    public async Task A_record_is_read_as_it_was_appended()
    {
        var topic = await NewTopicAsync();
        var time = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()).AddMinutes(-5);
        OutgoingRecord record = new(Bytes("key"), Bytes("value"), [new("trace", Bytes("abc")), new("trace", null)], time);

        var place = Assert.Single(await Broker.AppendAsync(topic, [record], Token));

        var read = Assert.Single(await ReadAsync(topic, 1));
        Assert.Equal((topic, 0, 0L, time), (read.Topic, read.Partition, read.Offset, read.Time));
        Assert.Equal(new RecordPlace(0, 0), place);
        Assert.Equal(record.Key!.Value.ToArray(), read.Key!.Value.ToArray());
        Assert.Equal(record.Value!.Value.ToArray(), read.Value!.Value.ToArray());
        Assert.Equal(["trace", "trace"], read.Headers.Select(header => header.Name));
        Assert.Equal(Bytes("abc").ToArray(), read.Headers[0].Value!.Value.ToArray());
        Assert.Null(read.Headers[1].Value);
    }

    [Fact]
    public async Task What_is_not_there_is_told_from_what_is_empty()
    {
        var topic = await NewTopicAsync();
        await Broker.AppendAsync(topic, [new(null, Bytes("")), new(Bytes("gone"), null)], Token);

        var read = await ReadAsync(topic, 2);

        Assert.Null(read[0].Key);
        Assert.Equal(0, read[0].Value!.Value.Length);
        Assert.Equal(4, read[1].Key!.Value.Length);
        Assert.Null(read[1].Value);
        Assert.Empty(read[1].Headers);
    }

    [Fact]
    public async Task Records_of_one_key_are_in_one_partition_in_the_order_in_which_they_were_appended()
    {
        var topic = await NewTopicAsync(4);

        // Not awaited one by one: calls append in the order in which they are made.
        var appends = Enumerable.Range(0, 200).Select(i => Broker.AppendAsync(topic, [Record("one", $"{i}")], Token).AsTask()).ToList();
        var places = (await Task.WhenAll(appends)).Select(Assert.Single).ToList();

        var partition = Assert.Single(places.Select(place => place.Partition).Distinct());
        var read = await TakeAsync(Broker.ReadAsync(topic, partition, ReadStart.Earliest, null, Token), 200);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{i}"), read.Select(Text));
        Assert.Equal(places.Select(place => place.Offset), read.Select(record => record.Offset));
    }

    [Fact]
    public async Task Keys_find_the_partitions_that_Javas_client_finds_for_them()
    {
        var topic = await NewTopicAsync(7);
        var keys = Enumerable.Range(0, 100).Select(i => i.ToString(CultureInfo.InvariantCulture)).Concat(["ключ", "a", "a-little-bit-longer-string"]).ToList();

        var places = await Broker.AppendAsync(topic, [.. keys.Select(key => Record(key, key))], Token);

        Assert.Equal(keys.Select(key => KeyPartition.Of(Bytes(key).Span, 7)), places.Select(place => place.Partition));
    }

    [Fact]
    public async Task An_append_may_be_larger_than_a_batch()
    {
        var topic = await NewTopicAsync(2);
        var value = new string('x', 200_000);

        var places = await Broker.AppendAsync(topic, [.. Enumerable.Range(0, 20).Select(i => Record($"{i}", $"{i} {value}"))], Token);

        Assert.Equal(20, places.Distinct().Count());
        for (var partition = 0; partition < 2; partition++)
        {
            var there = places.Select((place, i) => (place, i)).Where(one => one.place.Partition == partition).ToList();
            var read = await TakeAsync(Broker.ReadAsync(topic, partition, ReadStart.Earliest, null, Token), there.Count);
            Assert.Equal(there.Select(one => (one.place.Offset, one.i)), read.Select(record => (record.Offset, int.Parse(Text(record).Split(' ')[0], CultureInfo.InvariantCulture))));
        }
    }

    [Fact]
    public async Task A_record_that_is_too_large_is_refused()
    {
        var topic = await NewTopicAsync();

        await FailsAsync(BrokerFault.Refused, async () => await AppendAsync(topic, "key", new string('x', 2 << 20)));

        Assert.Equal(0, (await AppendAsync(topic, "key", "small")).Offset);
    }

    [Fact]
    public async Task A_topic_that_is_not_there_is_not_made_by_naming_it()
    {
        var topic = NewName();

        await FailsAsync(BrokerFault.NoSuchTopic, async () => await AppendAsync(topic, "key", "value"));
        await FailsAsync(BrokerFault.NoSuchTopic, async () => await ReadAsync(topic, 1));
        await FailsAsync(BrokerFault.NoSuchTopic, async () => await Broker.RangeAsync(topic, 0, Token));
        await FailsAsync(BrokerFault.NoSuchTopic, async () => await Broker.PlanPartitionsAsync(topic, 2, Token));

        Assert.Null(await Broker.FindTopicAsync(topic, Token));
    }

    [Fact]
    public async Task A_topic_is_made_once_and_then_left_as_it_is()
    {
        var name = NewName();

        var made = await Broker.EnsureTopicAsync(new TopicSpec(name, 3, TimeSpan.FromDays(1), 1 << 30), Token);
        var there = await Broker.EnsureTopicAsync(new TopicSpec(name, 5), Token);

        Assert.Equal(new BrokerTopic(name, 3), made);
        Assert.Equal(made, there);
        Assert.Equal(made, await Broker.FindTopicAsync(name, Token));
    }

    [Fact]
    public async Task A_name_that_is_not_allowed_is_refused() =>
        await FailsAsync(BrokerFault.Refused, async () => await Broker.EnsureTopicAsync(new TopicSpec("no/slashes"), Token));

    [Fact]
    public async Task A_plan_of_more_partitions_says_which_keys_move_and_how_many()
    {
        var topic = await NewTopicAsync(4);
        var records = Enumerable.Range(0, 1200).Select(i => Record($"key-{i}", "")).ToArray();
        var before = await Broker.AppendAsync(topic, records, Token);

        var plan = await Broker.PlanPartitionsAsync(topic, 6, Token);
        Assert.Equal(new BrokerTopic(topic, 4), await Broker.FindTopicAsync(topic, Token));
        Assert.Equal(new BrokerTopic(topic, 6), await Broker.AddPartitionsAsync(plan, Token));

        var after = await Broker.AppendAsync(topic, records, Token);
        var moved = records.Select((_, i) => before[i].Partition != after[i].Partition).ToList();
        Assert.Equal(records.Select(record => plan.Moves(record.Key!.Value.Span)), moved);
        Assert.Equal(2.0 / 3, plan.MovedShare, 6);
        Assert.Equal(plan.MovedShare, moved.Count(m => m) / 1200.0, 0.05);
    }

    [Fact]
    public async Task A_plan_that_was_overtaken_is_refused()
    {
        var topic = await NewTopicAsync(2);
        var plan = await Broker.PlanPartitionsAsync(topic, 4, Token);
        await Broker.AddPartitionsAsync(await Broker.PlanPartitionsAsync(topic, 3, Token), Token);

        await FailsAsync(BrokerFault.Refused, async () => await Broker.AddPartitionsAsync(plan, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Broker.PlanPartitionsAsync(topic, 3, Token));
    }
}
