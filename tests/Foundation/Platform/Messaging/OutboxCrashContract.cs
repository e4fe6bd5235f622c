using Groundwork.Platform.Messaging;
using Groundwork.Platform.Tests.Data;
using Groundwork.Testing.Database;
using Microsoft.Extensions.Logging.Abstractions;

namespace Groundwork.Platform.Tests.Messaging;

/// <summary>What is so after a process that wrote events, or relayed them, has died at any of its steps.</summary>
public abstract class OutboxCrashContract(DatabaseHome home) : MessagingContract(home)
{
    [Fact]
    public Task A_change_and_its_event_are_there_both_or_neither_wherever_the_process_dies() => DyingDatabase.EverywhereAsync(
        () => Database,
        (dying, run) => TransactAsync(dying, $"key-{run}", async t =>
        {
            await CountUpAsync(t, $"key-{run}");
            await NewOutbox(database: dying).AddAsync(t, $"key-{run}", Event($"key-{run}", $"{run}-1"), Event($"key-{run}", $"{run}-2"));
        }),
        async run =>
        {
            await RelayAllAsync();
            var told = (await RecordsAsync()).Where(record => Key(record) == $"key-{run}").Select(Text);
            Assert.Equal(await CountedAsync($"key-{run}") == 1 ? [$"{run}-1", $"{run}-2"] : [], told);
        });

    [Fact]
    public Task Whatever_a_relay_was_at_when_it_died_the_next_one_tells_all_in_order() => DyingDatabase.EverywhereAsync(
        () => Database,
        async (dying, run) =>
        {
            Broker.Refuse("bad");
            await AddAsync(NewOutbox(), $"key-{run}", "1", "2", "3");
            await AddAsync(NewOutbox(), $"bad-{run}", "bad", "4");
            var outbox = NewOutbox(new OutboxOptions { MaxAttempts = 1 }, dying);
            await using var relay = NewRelay(outbox);
            relay.Start();

            // It looks, relays and ends, or dies before; in the background it does no more than it would anyway.
            await RunUntilAsync(async () => ((DyingDatabase)dying).Died || (await NewOutbox().CountAsync(Token)).Waiting == 0);
        },
        async run =>
        {
            await RelayAllAsync();
            var records = await RecordsAsync();
            Assert.Equal(["1", "2", "3"], records.Where(record => Key(record) == $"key-{run}").Select(Text).Distinct());
            Assert.Equal(["4"], records.Where(record => Key(record) == $"bad-{run}").Select(Text).Distinct());
        });

    private async Task RelayAllAsync()
    {
        var outbox = NewOutbox(new OutboxOptions { MaxAttempts = 1 });
        await using var relay = new OutboxRelay(outbox, Broker, "next", Time, new Random(1), NullLogger.Instance);
        relay.Start();
        await RunUntilAsync(async () => (await outbox.CountAsync(Token)).Waiting == 0);
    }
}
