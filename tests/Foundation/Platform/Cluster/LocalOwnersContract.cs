using Groundwork.Platform.Cluster;
using Groundwork.Platform.Data;
using Groundwork.Platform.Tests.Data;

namespace Groundwork.Platform.Tests.Cluster;

/// <summary>What an owner can rely on where the program runs alone.</summary>
public abstract class LocalOwnersContract(DatabaseHome home) : DataContract(home)
{
    private const string Name = "conversation-1";

    [Fact]
    public async Task A_new_start_owns_at_once_with_a_higher_epoch_what_a_killed_process_owned()
    {
        var killed = await Owners().AcquireAsync(Name, Token);
        await WriteAsync(killed);
        await RestartAsync();

        var owner = await Owners().AcquireAsync(Name, Token);
        Assert.True(owner.Epoch > killed.Epoch);
        await WriteAsync(owner);
        Assert.Equal([killed.Epoch, owner.Epoch], await EntriesAsync(Name));
    }

    [Fact]
    public async Task The_newest_wins_and_the_earlier_is_told()
    {
        var owners = Owners();
        var earlier = await owners.AcquireAsync(Name, Token);
        var newest = await owners.AcquireAsync(Name, Token);

        Assert.True(earlier.Lost.IsCancellationRequested);
        Assert.False(newest.Lost.IsCancellationRequested);
        await Assert.ThrowsAsync<ClaimLostException>(() => WriteAsync(earlier));
        await WriteAsync(newest);
    }

    [Fact]
    public async Task Of_many_at_the_same_time_the_one_with_the_highest_epoch_is_left()
    {
        var owners = Owners();
        var all = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => owners.AcquireAsync(Name, Token))));
        Assert.Equal(32, all.Select(o => o.Epoch).Distinct().Count());
        Assert.Same(all.MaxBy(o => o.Epoch), Assert.Single(all, o => !o.Lost.IsCancellationRequested));
    }

    [Fact]
    public async Task An_owner_that_another_process_has_overtaken_learns_it_from_its_first_write()
    {
        var owner = await Owners().AcquireAsync(Name, Token);
        await using var other = await Owners().AcquireAsync(Name, Token);
        Assert.False(owner.Lost.IsCancellationRequested);
        await Assert.ThrowsAsync<ClaimLostException>(() => WriteAsync(owner));
        Assert.True(owner.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task What_is_given_up_is_lost_and_can_be_acquired_again()
    {
        var owners = Owners();
        var owner = await owners.AcquireAsync(Name, Token);
        await owner.DisposeAsync();
        Assert.True(owner.Lost.IsCancellationRequested);
        Assert.True((await owners.AcquireAsync(Name, Token)).Epoch > owner.Epoch);
    }

    private LocalOwners Owners() => new(new LeaseStore(Database, Time, "owner", "test", TimeSpan.FromSeconds(10)));

    private Task WriteAsync(Ownership owner) => TransactAsync(
        Database,
        Name,
        async t =>
        {
            await owner.FenceAsync(t);
            await AppendAsync(t, Name, owner.Epoch);
        });
}
