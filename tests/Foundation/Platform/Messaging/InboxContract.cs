using Groundwork.Platform.Messaging;
using Groundwork.Platform.Tests.Data;
using Groundwork.Testing.Database;

namespace Groundwork.Platform.Tests.Messaging;

/// <summary>What a user of <see cref="Inbox"/> can rely on.</summary>
public abstract class InboxContract(DatabaseHome home) : DataContract(home)
{
    private const string Key = "account-1";

    [Fact]
    public async Task An_event_takes_effect_once_for_each_consumer()
    {
        var (one, other) = (NewInbox("one"), NewInbox("other"));
        Assert.True(await one.RunAsync(Key, "event", Effect, Token));
        Assert.False(await one.RunAsync(Key, "event", Effect, Token));
        Assert.Equal(1, await CountedAsync(Key));

        Assert.True(await other.RunAsync(Key, "event", Effect, Token));
        Assert.True(await one.RunAsync(Key, "another event", Effect, Token));
        Assert.Equal(3, await CountedAsync(Key));
    }

    [Fact]
    public async Task Of_many_deliveries_at_the_same_time_one_has_the_effect()
    {
        var inbox = NewInbox("one");
        var other = new Inbox(await Home.OpenAgainAsync(Database), Time, "one");
        var ran = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => (i % 2 == 0 ? inbox : other).RunAsync(Key, "event", Effect, Token)));

        Assert.Single(ran, has => has);
        Assert.Equal(1, await CountedAsync(Key));
    }

    [Fact]
    public async Task An_effect_that_fails_leaves_nothing_and_is_tried_again()
    {
        var inbox = NewInbox("one");
        await Assert.ThrowsAsync<NotSupportedException>(() => inbox.RunAsync(Key, "event", async t =>
        {
            await CountUpAsync(t, Key);
            throw new NotSupportedException();
        }, Token));
        Assert.Equal(0, await CountedAsync(Key));

        Assert.True(await inbox.RunAsync(Key, "event", Effect, Token));
        Assert.Equal(1, await CountedAsync(Key));
    }

    [Fact]
    public Task Wherever_a_process_dies_an_event_that_comes_again_has_had_its_effect_once() => DyingDatabase.EverywhereAsync(
        () => Database,
        (dying, run) => new Inbox(dying, Time, "one").RunAsync($"key-{run}", "event", t => CountUpAsync(t, $"key-{run}"), Token),
        async run =>
        {
            await NewInbox("one").RunAsync($"key-{run}", "event", t => CountUpAsync(t, $"key-{run}"), Token);
            Assert.Equal(1, await CountedAsync($"key-{run}"));
        });

    [Fact]
    public async Task Ids_are_forgotten_after_their_time_and_not_before_each_consumers_by_its_own()
    {
        var inbox = NewInbox("one", TimeSpan.FromDays(2));
        await inbox.RunAsync(Key, "old", Effect, Token);
        await NewInbox("other").RunAsync(Key, "old", Effect, Token);
        Time.Advance(TimeSpan.FromDays(1.5));
        await inbox.RunAsync(Key, "new", Effect, Token);
        Assert.Equal(0, await inbox.SweepAsync(10, Token));

        Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, await inbox.SweepAsync(10, Token));
        Assert.False(await inbox.RunAsync(Key, "new", Effect, Token));
        Assert.False(await NewInbox("other").RunAsync(Key, "old", Effect, Token));
        Assert.True(await inbox.RunAsync(Key, "old", Effect, Token));
    }

    private Inbox NewInbox(string consumer, TimeSpan? lifetime = null) => new(Database, Time, consumer, lifetime);

    private static ValueTask Effect(Ports.Database.ITransaction transaction) => CountUpAsync(transaction, Key);
}
