using CsCheck;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Memory;

namespace Groundwork.Cache.Tests.Entries;

/// <summary>Small states are found while they say something, and take memory no longer.</summary>
public sealed unsafe class StateTableTests
{
    private const uint Start = 1_000_000;

    [Fact]
    public void It_does_what_a_dictionary_does_whose_entries_end() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[1, 60], Gen.UInt).Array[1, 4000].Sample(
            steps =>
            {
                using var pool = new PagePool(0);
                using var table = new StateTable(pool);
                var (model, now) = (new Dictionary<uint, (uint Until, uint Value)>(), Start);
                foreach (var (what, life, number) in steps)
                {
                    // Names come again, and some share all of the hash that names pages and slots.
                    var name = what < 2 ? number % 50 : number % 3000;
                    var hash = Hash(name);
                    var slot = table.Find(hash, name, now);
                    var known = model.TryGetValue(name, out var entry) && entry.Until > now;
                    Assert.Equal(known, slot is not null);
                    if (slot is not null)
                        Assert.Equal(entry.Value, *(uint*)slot->State);
                    switch (what)
                    {
                        case 0:
                            now += (uint)life / 20;
                            break;
                        case 1 when slot is not null:
                            table.Remove(slot);
                            model.Remove(name);
                            break;
                        case 2:
                            table.Tidy(now);
                            break;
                        default:
                            if (slot is null)
                                slot = table.Add(hash, name, now + (uint)life, now);
                            (slot->Until, *(uint*)slot->State) = (now + (uint)life, number);
                            model[name] = (now + (uint)life, number);
                            break;
                    }
                }

                Assert.All(model.Where(m => m.Value.Until > now), m => Assert.Equal(m.Value.Value, *(uint*)table.Find(Hash(m.Key), m.Key, now)->State));
                Assert.InRange(table.Count, model.Count(m => m.Value.Until > now), model.Count);
            },
            iter: 200);

    [Fact]
    public void A_hundred_thousand_take_about_45_bytes_each_and_leave_nothing_behind()
    {
        using var pool = new PagePool(0);
        using var table = new StateTable(pool);
        for (var name = 0u; name < 100_000; name++)
            *(uint*)table.Add(Hash(name), name, Start + 10 + (name % 2), Start)->State = name;
        Assert.Equal(100_000, table.Count);
        Assert.InRange(table.PageBytes / 100_000.0, 40, 64);
        for (var name = 0u; name < 100_000; name++)
            Assert.Equal(name, *(uint*)table.Find(Hash(name), name, Start)->State);

        // Half are over: pages become one where they may.
        var full = table.PageBytes;
        Tidy(Start + 10);
        Assert.Equal(50_000, table.Count);
        Tidy(Start + 11);
        Assert.Equal((0, 0), (table.Count, table.PageBytes));
        Assert.InRange(pool.Held, 0, PagePool.WarmPages * PagePool.PageBytes);
        Assert.True(table.Find(Hash(1), 1, Start) is null);

        void Tidy(uint now)
        {
            for (var i = 0; i < 20 * full / PagePool.PageBytes; i++)
                table.Tidy(now);
        }
    }

    [Fact]
    public void Whose_time_is_over_make_room_before_another_page_is_taken()
    {
        using var pool = new PagePool(0);
        using var table = new StateTable(pool);
        for (var name = 0u; name < 100_000; name++)
            table.Add(Hash(name), name, Start + (name / 100), Start + (name / 100) - 1);
        Assert.InRange(table.PageBytes, PagePool.PageBytes, 2 * PagePool.PageBytes);
    }

    [Fact]
    public void Names_that_share_one_part_of_their_hash_stay_two()
    {
        using var pool = new PagePool(0);
        using var table = new StateTable(pool);
        *(uint*)table.Add(7, 1, Start + 10, Start)->State = 1;
        *(uint*)table.Add(7, 2, Start + 10, Start)->State = 2;
        Assert.Equal(1u, *(uint*)table.Find(7, 1, Start)->State);
        Assert.Equal(2u, *(uint*)table.Find(7, 2, Start)->State);
        Assert.True(table.Find(7, 3, Start) is null);
        table.Remove(table.Find(7, 1, Start));
        Assert.Equal(2u, *(uint*)table.Find(7, 2, Start)->State);
    }

    private static ulong Hash(uint name) => name < 10 ? 0 : name * 0x9E3779B97F4A7C15;
}
