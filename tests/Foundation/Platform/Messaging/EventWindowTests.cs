using CsCheck;
using Groundwork.Platform.Messaging;
using Groundwork.Ports.Messaging;

namespace Groundwork.Platform.Tests.Messaging;

public sealed class EventWindowTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    private readonly EventWindow _window = new(100, 1 << 20);

    [Fact]
    public void Records_of_a_key_are_taken_one_after_the_other_and_others_beside_them()
    {
        Add(0, "a");
        Add(1, "a");
        Add(2, "b");
        var (first, second) = (Take()!, Take()!);
        Assert.Equal((0L, 2L, null), (first.Record.Offset, second.Record.Offset, Take()));

        _window.Done(first);
        Assert.Equal(1, Take()!.Record.Offset);
    }

    [Fact]
    public void Records_without_a_key_wait_for_nothing()
    {
        Add(0, null);
        Add(1, null);
        Assert.Equal((0L, 1L), (Take()!.Record.Offset, Take()!.Record.Offset));
    }

    [Fact]
    public void A_failed_record_is_taken_again_when_it_is_due_and_its_key_waits()
    {
        Add(0, "a");
        Add(1, "a");
        _window.Retry(Take()!, Now.AddSeconds(5));
        Assert.Equal(Now.AddSeconds(5), _window.NextDue);
        Assert.Null(_window.Take(Now.AddSeconds(4)));
        Assert.Equal(0, _window.Take(Now.AddSeconds(5))!.Record.Offset);
    }

    [Fact]
    public void No_more_is_committed_than_what_is_done_in_front()
    {
        for (var i = 0; i < 4; i++)
            Add(i, $"{i}");
        var items = Enumerable.Range(0, 4).Select(_ => Take()!).ToList();
        _window.Done(items[1]);
        _window.Done(items[2]);
        Assert.Empty(_window.Committable());

        _window.Done(items[0]);
        var commit = Assert.Single(_window.Committable());
        Assert.Equal((2L, 1), (commit.Record.Offset, _window.Count));
        EventWindow.Committed(commit);
        Assert.Empty(_window.Committable());
    }

    [Fact]
    public void It_is_full_by_records_or_by_bytes_and_what_is_done_in_front_makes_room()
    {
        var few = new EventWindow(2, 1 << 20);
        few.Add(Record(0, "a"));
        few.Add(Record(1, "b"));
        Assert.True(few.IsFull);
        few.Done(few.Take(Now)!);
        Assert.Equal((1, false), (few.Committable().Count, few.IsFull));

        var small = new EventWindow(100, 4096);
        small.Add(Record(0, "a", 4096));
        Assert.True(small.IsFull);
        small.Done(small.Take(Now)!);
        Assert.False(small.IsFull);
    }

    [Fact]
    public void A_partition_that_comes_anew_begins_anew_and_what_was_in_hand_says_nothing()
    {
        Add(5, "a");
        Add(6, "a");
        var old = Take()!;
        Assert.True(_window.HasHad(Record(5, "a")));
        _window.Drop(Record(5, "a"));
        Assert.False(_window.HasHad(Record(5, "a")));
        Add(5, "a");
        _window.Done(old);
        _window.Retry(old, Now);

        var again = Take()!;
        Assert.NotSame(old, again);
        Assert.Equal((5L, 0), (again.Record.Offset, _window.Committable().Count));
        _window.Drop(old.Partition);
        _window.Done(again);
        Assert.Equal(5, Assert.Single(_window.Committable()).Record.Offset);
    }

    [Fact]
    public void Whatever_happens_keys_keep_their_order_nothing_is_left_out_and_commits_tell_the_truth() =>
        Gen.Select(Gen.Int[0, 3].Array[1, 60], Gen.Int[0, 99].Array[200]).Sample((keys, moves) =>
        {
            var window = new EventWindow(1000, 1 << 30);
            var done = new Dictionary<string, List<long>>();
            var (added, committed, inHand) = (0, -1L, new List<WindowItem>());
            for (var step = 0; added < keys.Length || window.Count > 0; step++)
            {
                var move = moves[step % moves.Length];
                var now = Now.AddSeconds(step);
                if (move < 30 && added < keys.Length)
                {
                    window.Add(Record(added, keys[added] == 3 ? null : $"{keys[added]}"));
                    added++;
                }
                else if (move < 60 && window.Take(now) is { } taken)
                {
                    Assert.DoesNotContain(inHand, item => item.Lane is not null && item.Lane == taken.Lane);
                    inHand.Add(taken);
                }
                else if (inHand.Count > 0)
                {
                    var item = inHand[move % inHand.Count];
                    inHand.Remove(item);
                    if (move % 3 == 0)
                    {
                        window.Retry(item, now.AddSeconds(move % 7));
                        continue;
                    }

                    var key = keys[item.Record.Offset] == 3 ? $"none-{item.Record.Offset}" : $"{keys[item.Record.Offset]}";
                    (done.TryGetValue(key, out var list) ? list : done[key] = []).Add(item.Record.Offset);
                    window.Done(item);
                }
                else if (window.Take(now) is { } next)
                {
                    inHand.Add(next);
                }

                foreach (var commit in window.Committable())
                {
                    Assert.True(commit.Record.Offset > committed);
                    committed = commit.Record.Offset;
                    EventWindow.Committed(commit);
                    for (var offset = 0; offset <= committed; offset++)
                        Assert.Contains(done.Values, offsets => offsets.Contains(offset));
                }
            }

            Assert.Equal(keys.Length - 1, committed);
            Assert.All(done.Values, offsets => Assert.Equal(offsets.Order(), offsets));
            Assert.Equal(keys.Length, done.Values.Sum(offsets => offsets.Count));
        });

    private void Add(long offset, string? key) => _window.Add(Record(offset, key));

    private WindowItem? Take() => _window.Take(Now);

    private static IncomingRecord Record(long offset, string? key, int length = 1) => new(
        "topic", 0, offset, Now, key is null ? default(ReadOnlyMemory<byte>?) : System.Text.Encoding.UTF8.GetBytes(key), new byte[length], []);
}
