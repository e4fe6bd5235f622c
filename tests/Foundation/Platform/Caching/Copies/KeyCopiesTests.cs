using Groundwork.Platform.Caching;
using Groundwork.Ports.Caching;
using Groundwork.Primitives.Hashing;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Platform.Tests.Caching.Copies;

public sealed class KeyCopiesTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Copies_lie_in_slots_of_their_own_whatever_follows_the_digit_up_to_the_end_of_the_slots_part()
    {
        // By linearity the bytes themselves do not matter, only how many they are.
        var copies = new KeyCopies(KeyCopies.Most, _time, new Random(1));
        for (var length = 1; length <= CacheLimits.MaxKeyBytes - KeyCopies.NameBytes; length++)
        {
            var names = copies.NamesOf([.. Enumerable.Repeat((byte)'k', length)]);
            Assert.Equal(1 + KeyCopies.Most, names.Length);
            Assert.Equal(KeyCopies.Most, names.Skip(1).Select(SlotOf).Distinct().Count());
        }
    }

    [Theory]
    [InlineData("}")]
    [InlineData("user:{7}:name")]
    [InlineData("a}b{c}")]
    public void Braces_in_a_key_do_not_put_its_copies_together(string key)
    {
        var names = new KeyCopies(KeyCopies.Most, _time, new Random(1)).NamesOf(System.Text.Encoding.ASCII.GetBytes(key));
        Assert.Equal(KeyCopies.Most, names.Skip(1).Select(SlotOf).Distinct().Count());
    }

    [Fact]
    public void A_key_is_read_by_its_own_name_until_it_is_hot_then_by_one_of_its_copies_and_by_its_own_again_when_it_is_not()
    {
        var copies = new KeyCopies(4, _time, new Random(1));
        var (key, room) = ("key"u8.ToArray(), new byte[8]);
        Read(HotReads.PerSecond - 1);
        Assert.Equal(key, copies.NameOf(key, room));

        Read(1);
        var name = copies.NameOf(key, room).ToArray();
        Assert.Contains(copies.NamesOf(key).Skip(1), copy => copy.AsSpan().SequenceEqual(name));
        Assert.Equal("other"u8, copies.NameOf("other"u8, room));

        // At half of the rate it stays as it is.
        for (var second = 0; second < 20; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Read(HotReads.PerSecond / 2);
            Assert.Equal(name, copies.NameOf(key, room));
        }

        _time.Advance(TimeSpan.FromSeconds(5));
        Read(1);
        Assert.Equal(key, copies.NameOf(key, room));

        void Read(int times)
        {
            for (var i = 0; i < times; i++)
                copies.Add(key);
        }
    }

    [Fact]
    public void A_hot_key_is_found_among_many_others()
    {
        var (reads, random) = (new HotReads(_time), new Random(5));
        for (var i = 0; i < 100_000; i++)
        {
            reads.Add(i % 20 == 0 ? 7 : (ulong)random.Next(1_000, 50_000));
            if (i % 5 == 0)
                _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        // 250 reads a second of 5,000.
        Assert.True(reads.Has(7));
        Assert.Equal(1, Enumerable.Range(1, 50_000).Count(hash => reads.Has((ulong)hash)));
    }

    [Fact]
    public void Processes_read_different_copies()
    {
        var names = new HashSet<string>();
        for (var process = 0; process < 50; process++)
        {
            var copies = new KeyCopies(4, _time, new Random(process));
            for (var i = 0; i < HotReads.PerSecond; i++)
                copies.Add("key"u8);
            names.Add(Convert.ToHexString(copies.NameOf("key"u8, new byte[8])));
        }

        Assert.Equal(4, names.Count);
    }

    [Fact]
    public void A_key_that_might_be_the_name_of_anothers_copy_is_refused()
    {
        var copies = new KeyCopies(2, _time, new Random(1));
        Assert.Throws<ArgumentException>(() => copies.NamesOf([0xFF, (byte)'0', 1]));
        Assert.Throws<ArgumentException>(() => copies.NameOf([0xFF], new byte[8]).Length);
        Assert.Throws<ArgumentException>(() => copies.NamesOf(new byte[CacheLimits.MaxKeyBytes]));
    }

    // As the adapter for Redis names keys.
    private static int SlotOf(byte[] name) => KeySlot.Of([.. "gw:{s:"u8, .. name, (byte)'}']);
}
