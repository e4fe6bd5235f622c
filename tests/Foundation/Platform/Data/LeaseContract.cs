using Groundwork.Platform.Data;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Platform.Tests.Data;

/// <summary>What a holder of a <see cref="Lease"/> can rely on.</summary>
public abstract class LeaseContract(DatabaseHome home) : DataContract(home)
{
    private const string Name = "conversation-1";

    private LeaseStore Store => StoreWith(Time);

    [Fact]
    public async Task Of_64_that_want_it_one_gets_it()
    {
        var store = Store;
        var leases = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => store.TryAcquireAsync(Name, Token))));
        Assert.Single(leases, l => l is not null);
    }

    [Fact]
    public async Task An_epoch_only_grows_over_releases_expiry_takeovers_and_restarts()
    {
        var epochs = new List<long>();
        for (var round = 0; round < 3; round++)
        {
            var released = await AcquiredAsync();
            Assert.True(await Store.ReleaseAsync(released, Token));
            var expired = await AcquiredAsync();
            Time.Advance(TimeSpan.FromSeconds(10));
            var overtaken = await AcquiredAsync();
            var taken = await Store.TakeAsync(Name, Token);
            Assert.True(await Store.ReleaseAsync(taken, Token));
            epochs.AddRange([released.Epoch, expired.Epoch, overtaken.Epoch, taken.Epoch]);
            await RestartAsync();
        }

        Assert.Equal(epochs.Order().Distinct(), epochs);
    }

    [Fact]
    public async Task It_is_kept_as_long_as_it_is_renewed_and_no_longer()
    {
        var lease = await AcquiredAsync();
        for (var i = 0; i < 5; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(9));
            lease = Assert.IsType<Lease>(await Store.RenewAsync(lease, Token));
            Assert.Null(await Store.TryAcquireAsync(Name, Token));
        }

        Time.Advance(TimeSpan.FromSeconds(10));
        await AcquiredAsync();
        Assert.Null(await Store.RenewAsync(lease, Token));
        Assert.False(await Store.ReleaseAsync(lease, Token));
    }

    [Fact]
    public async Task A_holder_that_was_overtaken_cannot_write()
    {
        var old = await AcquiredAsync();
        await WriteAsync(old);
        Time.Advance(TimeSpan.FromSeconds(10));
        await WriteAsync(old); // ended, but nobody else has it

        var heir = await AcquiredAsync();
        await Assert.ThrowsAsync<ClaimLostException>(() => WriteAsync(old));
        await WriteAsync(heir);
        Assert.Equal([old.Epoch, old.Epoch, heir.Epoch], await EntriesAsync(Name));
    }

    [Fact]
    public async Task A_clock_that_runs_ahead_costs_a_takeover_but_never_a_wrong_write()
    {
        var ahead = StoreWith(new FakeTimeProvider(Time.GetUtcNow() + TimeSpan.FromMinutes(1)));
        var overtaken = await AcquiredAsync();
        var early = Assert.IsType<Lease>(await ahead.TryAcquireAsync(Name, Token));
        await WriteAsync(early);
        await Assert.ThrowsAsync<ClaimLostException>(() => WriteAsync(overtaken));
    }

    [Fact]
    public async Task However_holders_take_it_from_one_another_the_log_never_goes_back_to_an_old_epoch()
    {
        var other = await Home.OpenAsync(); // a second copy of the program
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            var database = i % 2 == 0 ? Database : other;
            var store = new LeaseStore(database, Time, "sequencer", $"copy-{i}", TimeSpan.FromSeconds(10));
            for (var round = 0; round < 10; round++)
            {
                var lease = await store.TakeAsync(Name, Token);
                try
                {
                    while ((await EntriesAsync(Name)).Count(e => e == lease.Epoch) < 3)
                    {
                        await TransactAsync(
                            database,
                            Name,
                            async t =>
                            {
                                await LeaseStore.FenceAsync(t, lease);
                                await AppendAsync(t, Name, lease.Epoch);
                            });
                    }
                }
                catch (ClaimLostException)
                {
                    // Overtaken: the next round takes it back.
                }
            }
        })));

        var written = await EntriesAsync(Name);
        Assert.NotEmpty(written);
        Assert.Equal(written.Order(), written);
    }

    [Fact]
    public async Task Kinds_do_not_meet()
    {
        await AcquiredAsync();
        var saga = new LeaseStore(Database, Time, "saga", "test", TimeSpan.FromSeconds(10));
        Assert.NotNull(await saga.TryAcquireAsync(Name, Token));
    }

    private LeaseStore StoreWith(TimeProvider time) => new(Database, time, "sequencer", "test", TimeSpan.FromSeconds(10));

    private async Task<Lease> AcquiredAsync() => Assert.IsType<Lease>(await Store.TryAcquireAsync(Name, Token));

    private Task WriteAsync(Lease lease) => TransactAsync(
        Database,
        lease.Name,
        async t =>
        {
            await LeaseStore.FenceAsync(t, lease);
            await AppendAsync(t, lease.Name, lease.Epoch);
        });
}
