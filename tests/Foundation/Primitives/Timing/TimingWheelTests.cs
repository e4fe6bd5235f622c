using CsCheck;
using Groundwork.Primitives.Timing;
using Groundwork.Testing;

namespace Groundwork.Primitives.Tests.Timing;

public sealed class TimingWheelTests
{
    private const int All = int.MaxValue;
    private const long Start = 1_800_000_000_000; // a day in 2027, as caches count

    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(60 * 60 * 1000)]
    [InlineData((1L << 32) + 1)]
    [InlineData(1L << 40)]
    [InlineData(long.MaxValue - Start)]
    public void An_entry_is_due_at_its_millisecond_and_not_before(long life)
    {
        var wheel = new Wheel(10, Start);
        wheel.Add(1, Start + life);
        Assert.Empty(wheel.Advance(Start + life - 1));
        Assert.Equal(1, wheel.Count);
        Assert.Equal([1u], wheel.Advance(Start + life));
        Assert.Empty(wheel.Advance(long.MaxValue));
        Assert.Equal(0, wheel.Count);
    }

    [Fact]
    public void Entries_come_by_the_order_of_their_deadlines_however_far_time_jumps()
    {
        var wheel = new Wheel(1_000, Start);
        var random = new Random(1);
        for (var handle = 1u; handle <= 1_000; handle++)
            wheel.Add(handle, Start + 1 + random.NextInt64(1L << random.Next(1, 40)));
        var deadlines = wheel.Advance(Start + (1L << 40)).Select(wheel.Deadline).ToList();
        Assert.Equal(1_000, deadlines.Count);
        Assert.Equal(deadlines.Order(), deadlines);
    }

    [Fact]
    public void What_is_past_when_it_is_added_is_due_at_the_next_advance_even_if_no_time_passes()
    {
        var wheel = new Wheel(10, Start);
        wheel.Add(1, Start);
        wheel.Add(2, -5);
        Assert.Equal(Start, wheel.NextDue());
        Assert.Equal([1u, 2u], wheel.Advance(Start).Order());
    }

    [Fact]
    public void A_clock_that_steps_back_is_taken_as_one_that_stands()
    {
        var wheel = new Wheel(10, Start);
        wheel.Add(1, Start + 10);
        Assert.Empty(wheel.Advance(Start + 5));
        Assert.Empty(wheel.Advance(0));
        Assert.Equal(Start + 5, wheel.Now);
        wheel.Add(2, Start + 3);
        Assert.Equal([2u], wheel.Advance(0));
        Assert.Equal([1u], wheel.Advance(Start + 10));
    }

    [Fact]
    public void What_was_removed_is_never_due_and_can_be_added_again()
    {
        var wheel = new Wheel(10, Start);
        wheel.Add(1, Start + 10);
        wheel.Add(2, Start + 10);
        wheel.Add(3, Start + 10);
        Assert.True(wheel.Remove(2));
        Assert.False(wheel.Remove(2));
        Assert.Equal([1u, 3u], wheel.Advance(Start + 10).Order());
        Assert.False(wheel.Remove(1));
        wheel.Add(2, Start + 300);
        Assert.Equal([2u], wheel.Advance(Start + 300));
    }

    [Fact]
    public void A_million_that_are_due_at_once_are_worked_off_in_slices()
    {
        // Far enough that they are moved down three times before.
        const uint Entries = 1_000_000;
        const int Slice = 10_000;
        const long Deadline = Start + (40L * 24 * 60 * 60 * 1000);
        var wheel = new Wheel(Entries, Start);
        for (var handle = 1u; handle <= Entries; handle++)
            wheel.Add(handle, Deadline);
        wheel.CountReads();

        var (calls, handedOver, left) = (0, 0L, true);
        while (left)
        {
            var due = wheel.Advance(Deadline, Slice, out left);
            handedOver += due.Count;
            calls++;
            Assert.InRange(wheel.CountReads() + due.Count, 1, Slice);
            Assert.Equal(left ? wheel.Now : long.MaxValue, wheel.NextDue());
        }

        Assert.Equal(Entries, handedOver);
        Assert.InRange(calls, (int)Entries / Slice, 4 * (int)Entries / Slice);
    }

    [Fact]
    public void Between_slices_entries_are_added_and_removed_as_ever()
    {
        var wheel = new Wheel(2_000, 0);
        for (var handle = 1u; handle <= 1_000; handle++)
            wheel.Add(handle, 257 + (handle % 2));
        Assert.Empty(wheel.Advance(1_000, 300, out var left)); // 300 were moved down, and nothing is due yet
        Assert.True(left);
        for (var handle = 1u; handle <= 1_000; handle += 4)
            Assert.True(wheel.Remove(handle));
        wheel.Add(1_001, 300);
        wheel.Add(1_002, 2_000);
        var due = wheel.Advance(1_000);
        Assert.Equal(Enumerable.Range(1, 1_001).Where(h => h % 4 != 1 || h == 1_001).Select(h => (uint)h), due.Order());
        Assert.Equal([1_002u], wheel.Advance(2_000));
    }

    [Fact]
    public void Who_is_told_may_add_the_entry_again_and_remove_others()
    {
        var wheel = new Wheel(10, Start);
        wheel.Add(1, Start + 10);
        wheel.Add(2, Start + 25);
        wheel.OnDue = handle =>
        {
            if (handle == 1)
                wheel.Add(1, wheel.Deadline(1) + 10);
            if (wheel.Deadline(1) == Start + 30)
                wheel.Remove(2);
        };
        Assert.Equal([1u, 1u, 1u, 1u, 1u], wheel.Advance(Start + 59));
        Assert.Equal(1, wheel.Count);
    }

    [Fact]
    public void The_next_due_time_says_how_long_one_may_sleep()
    {
        var wheel = new Wheel(10, Start);
        Assert.Equal(long.MaxValue, wheel.NextDue());
        wheel.Add(1, Start + 1_000_000);
        var wakes = 0;
        while (wheel.Count > 0)
        {
            var next = wheel.NextDue();
            Assert.InRange(next, wheel.Now + 1, Start + 1_000_000);
            Assert.Empty(wheel.Advance(next - 1));
            wheel.Advance(next);
            wakes++;
        }

        Assert.Equal(Start + 1_000_000, wheel.Now);
        Assert.InRange(wakes, 1, 4);
    }

    [Fact]
    public void It_does_as_a_sorted_list_of_deadlines_does()
        => Gen.Select(
            Gen.Long[0, 1L << 42],
            Gen.Select(Gen.Int[0, 9], Gen.UInt[1, 60], Gen.Int[0, 44], Gen.ULong, Gen.Int[1, 40]).Array[0, 400])
        .Sample((start, steps) =>
        {
            var wheel = new Wheel(60, start);
            var model = new SortedDictionary<(long Deadline, uint Handle), bool>();
            var now = start;
            foreach (var (kind, handle, bits, number, budget) in steps)
            {
                // Times of any length, from milliseconds to centuries, and as likely on a round number as beside it.
                var time = (long)(number >> (64 - bits - 1)) & (number % 3 == 0 ? ~0xFFL : ~0L);
                if (kind < 4)
                {
                    model.Remove((wheel.Deadline(handle), handle));
                    wheel.Remove(handle);
                    wheel.Add(handle, now + time - (number % 5 == 0 ? 100 : 0));
                    model.Add((wheel.Deadline(handle), handle), true);
                }
                else if (kind < 6)
                {
                    Assert.Equal(model.Remove((wheel.Deadline(handle), handle)), wheel.Remove(handle));
                }
                else
                {
                    now += bits < 36 ? time : 0;
                    wheel.CountReads();
                    var due = wheel.Advance(now, budget, out var left);
                    Assert.InRange(due.Count + wheel.CountReads(), 0, budget);
                    Assert.All(due, h => Assert.True(wheel.Deadline(h) <= now && model.Remove((wheel.Deadline(h), h))));
                    if (!left)
                        Assert.DoesNotContain(model.Keys, k => k.Deadline <= now);
                }

                Assert.Equal(model.Count, wheel.Count);
                Assert.InRange(wheel.NextDue(), Math.Min(wheel.Now, now), model.Count == 0 ? long.MaxValue : Math.Max(wheel.Now, model.Keys.First().Deadline));
            }

            var rest = wheel.Advance(long.MaxValue);
            Assert.Equal(model.Keys.Select(k => k.Handle).Order(), rest.Order());
        }, iter: 500);

    [Fact]
    public void An_entry_that_is_called_otherwise_stays_where_it_was()
    {
        var wheel = new Wheel(20, Start);
        for (var handle = 1u; handle <= 5; handle++)
            wheel.Add(handle, Start + (handle * 1000));
        wheel.Add(6, Start + 3000);
        foreach (var handle in (uint[])[1, 3, 6])
            wheel.Rename(handle, handle + 10);

        Assert.True(wheel.Remove(13));
        Assert.Equal([11u, 2, 16, 4, 5], wheel.Advance(Start + 9000));
        Assert.Equal(0, wheel.Count);
    }

    [Fact]
    public void The_soonest_entry_is_found_among_those_of_its_slot()
    {
        var wheel = new Wheel(10, Start);
        Assert.Equal(0u, wheel.Soonest(5));
        wheel.Add(1, Start + 900_000);
        wheel.Add(2, Start + 90_000);
        wheel.Add(3, Start + 90_500);
        wheel.Add(4, Start + 90_001);

        Assert.Equal(2u, wheel.Soonest(5));
        wheel.Remove(2);
        Assert.Equal(4u, wheel.Soonest(5));
    }

    [Fact]
    public void Calls_allocate_nothing()
    {
        var (nodes, sink) = (new Nodes(100), new Counting());
        var wheel = new TimingWheel<Nodes>(nodes, 0);
        var round = 0L;
        Assert.Equal(0, Allocations.Fewest(() =>
        {
            for (var handle = 1u; handle <= 100; handle++)
            {
                nodes.SetDeadline(handle, (round * 1_000_000) + (handle * 7_000));
                wheel.Add(handle);
            }

            wheel.Remove(50);
            wheel.Advance(++round * 1_000_000, All, ref sink);
            Assert.True(sink.Count % 99 == 0);
        }));
    }

    [Fact]
    public void What_is_no_handle_or_in_the_wheel_already_is_refused()
    {
        var wheel = new Wheel(10, Start);
        wheel.Add(1, Start + 10);
        Assert.Throws<InvalidOperationException>(() => wheel.Add(1, Start + 20));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TimingWheel<Nodes>(new Nodes(1), 0).Add(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TimingWheel<Nodes>(new Nodes(1), 0).Add(TimingWheel<Nodes>.MaxHandle + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TimingWheel<Nodes>(new Nodes(1), -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => wheel.Advance(Start, 0, out _));
    }

    /// <summary>A wheel with its nodes, which says what was handed over.</summary>
    private sealed class Wheel : ITimerSink
    {
        private readonly Nodes _nodes;
        private readonly TimingWheel<Nodes> _wheel;
        private List<uint> _due = [];

        public Wheel(uint handles, long now)
        {
            _nodes = new Nodes(handles);
            _wheel = new TimingWheel<Nodes>(_nodes, now);
        }

        public Action<uint> OnDue { get; set; } = _ => { };

        public long Now => _wheel.Now;

        public long Count => _wheel.Count;

        public void Add(uint handle, long deadline)
        {
            _nodes.SetDeadline(handle, deadline);
            _wheel.Add(handle);
        }

        public bool Remove(uint handle) => _wheel.Remove(handle);

        public uint Soonest(int looks) => _wheel.Soonest(looks);

        /// <summary>Copies an entry to where another handle leads.</summary>
        public void Rename(uint from, uint to)
        {
            _nodes.SetDeadline(to, _nodes.DeadlineUncounted(from));
            _nodes.SetNext(to, _nodes.Next(from));
            _nodes.SetPrevious(to, _nodes.Previous(from));
            _wheel.Moved(to);
        }

        public long Deadline(uint handle) => _nodes.DeadlineUncounted(handle);

        public long NextDue() => _wheel.NextDue();

        public List<uint> Advance(long now)
        {
            var due = Advance(now, All, out var left);
            Assert.False(left);
            return due;
        }

        public List<uint> Advance(long now, int budget, out bool left)
        {
            _due = [];
            var sink = this;
            left = _wheel.Advance(now, budget, ref sink);
            return _due;
        }

        /// <summary>How many deadlines the wheel has read since it was last asked: one for each entry that it puts somewhere.</summary>
        public int CountReads() => _nodes.CountReads();

        public void Due(uint handle)
        {
            _due.Add(handle);
            OnDue(handle);
        }
    }

    private struct Counting : ITimerSink
    {
        public int Count;

        public void Due(uint handle) => Count++;
    }

    private readonly struct Nodes(uint handles) : ITimerNodes
    {
        private readonly long[] _deadlines = new long[handles + 1];
        private readonly uint[] _next = new uint[handles + 1];
        private readonly uint[] _previous = new uint[handles + 1];
        private readonly int[] _reads = new int[1];

        public int CountReads()
        {
            var reads = _reads[0];
            _reads[0] = 0;
            return reads;
        }

        public long DeadlineUncounted(uint handle) => _deadlines[handle];

        public void SetDeadline(uint handle, long deadline) => _deadlines[handle] = deadline;

        public long Deadline(uint handle)
        {
            _reads[0]++;
            return _deadlines[handle];
        }

        public uint Next(uint handle) => _next[handle];

        public void SetNext(uint handle, uint next) => _next[handle] = next;

        public uint Previous(uint handle) => _previous[handle];

        public void SetPrevious(uint handle, uint previous) => _previous[handle] = previous;
    }
}
