using System.Text;
using Groundwork.Platform.Data;
using Groundwork.Ports.Database;
using Groundwork.Testing.Database;

namespace Groundwork.Platform.Tests.Data;

/// <summary>What a caller of <see cref="IdempotencyStore"/> can rely on.</summary>
public abstract class IdempotencyContract(DatabaseHome home) : DataContract(home)
{
    private static readonly byte[] Fingerprint = [1, 2, 3];
    private static readonly IdempotentRequest Request = new("account-1", "alice", "POST /v1/orders", "key-1", Fingerprint);

    private IdempotencyStore Store => new(Database, Time);

    [Fact]
    public async Task Of_64_concurrent_duplicates_one_executes_and_all_get_its_response()
    {
        var store = Store;
        var number = 0;
        var results = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(
            () => store.RunAsync(Request, t => EffectAsync(t, Request, $"response {Interlocked.Increment(ref number)}"), Token))));

        var executed = Assert.Single(results.OfType<IdempotencyResult.Executed>());
        Assert.All(results.OfType<IdempotencyResult.Replayed>(), r => Assert.Equal(executed.Response, r.Response));
        Assert.Equal(63, results.OfType<IdempotencyResult.Replayed>().Count());
        Assert.Equal(1, await CountedAsync("account-1"));
    }

    [Fact]
    public async Task A_key_that_comes_back_with_another_content_is_refused()
    {
        await RunAsync(Request);
        Assert.IsType<IdempotencyResult.Mismatch>(await RunAsync(Request with { Fingerprint = [9] }));
        Assert.IsType<IdempotencyResult.Mismatch>(await Store.ClaimAsync(Request with { Fingerprint = [9] }, Token));
        Assert.Equal(1, await CountedAsync("account-1"));
    }

    [Fact]
    public async Task Nobody_sees_the_response_to_another_principals_or_operations_request()
    {
        await RunAsync(Request);
        Assert.IsType<IdempotencyResult.Executed>(await RunAsync(Request with { Principal = "bob" }));
        Assert.IsType<IdempotencyResult.Executed>(await RunAsync(Request with { Operation = "POST /v1/refunds" }));
        Assert.IsType<IdempotencyResult.Executed>(await RunAsync(Request with { DistributionKey = "account-2" }));
        Assert.IsType<IdempotencyResult.Replayed>(await RunAsync(Request));
    }

    [Fact]
    public async Task Work_that_fails_leaves_nothing_and_the_retry_executes()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.RunAsync(
            Request,
            async t =>
            {
                await CountUpAsync(t, Request.DistributionKey);
                throw new InvalidOperationException("No.");
            },
            Token));
        Assert.Equal(0, await CountedAsync("account-1"));
        Assert.IsType<IdempotencyResult.Executed>(await RunAsync(Request));
        Assert.Equal(1, await CountedAsync("account-1"));
    }

    [Fact]
    public Task A_process_that_dies_at_any_step_leaves_the_effect_to_happen_once() => DyingDatabase.EverywhereAsync(
        () => Database,
        async (database, run) =>
        {
            var request = Request with { DistributionKey = $"account-{run}" };
            await new IdempotencyStore(database, Time).RunAsync(request, t => EffectAsync(t, request, "done"), Token);
        },
        async run =>
        {
            var request = Request with { DistributionKey = $"account-{run}" };
            await RunAsync(request);
            await RunAsync(request);
            Assert.Equal(1, await CountedAsync(request.DistributionKey));
        });

    [Fact]
    public async Task Of_64_concurrent_claims_one_stands_and_the_others_are_told_when_to_ask_again()
    {
        var store = Store;
        var results = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => store.ClaimAsync(Request, Token))));

        Assert.Single(results.OfType<IdempotencyResult.Claimed>());
        var others = results.OfType<IdempotencyResult.InFlight>().ToList();
        Assert.Equal(63, others.Count);
        Assert.All(others, o => Assert.Equal(TimeSpan.FromSeconds(30), o.RetryAfter));
        Assert.IsType<IdempotencyResult.InFlight>(await RunAsync(Request));
    }

    [Fact]
    public async Task A_completed_claim_is_replayed_and_cannot_be_completed_again()
    {
        var claim = await ClaimedAsync(Request);
        Assert.True(await Store.CompleteAsync(claim, Text("paid"), Token));
        Assert.False(await Store.CompleteAsync(claim, Text("paid twice"), Token));

        var replayed = Assert.IsType<IdempotencyResult.Replayed>(await Store.ClaimAsync(Request, Token));
        Assert.Equal("paid", Encoding.UTF8.GetString(replayed.Response));
    }

    [Fact]
    public async Task A_claim_that_ended_is_taken_over_and_its_late_completion_is_refused()
    {
        var dead = await ClaimedAsync(Request);
        Time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(
            TimeSpan.FromSeconds(1), Assert.IsType<IdempotencyResult.InFlight>(await Store.ClaimAsync(Request, Token)).RetryAfter);

        Time.Advance(TimeSpan.FromSeconds(1));
        var heir = await ClaimedAsync(Request);
        Assert.True(heir.Epoch > dead.Epoch);

        Assert.False(await Store.CompleteAsync(dead, Text("late"), Token));
        Assert.False(await Store.AbandonAsync(dead, Token));
        await Assert.ThrowsAsync<ClaimLostException>(() => CompleteWithEffectAsync(dead, "late"));
        Assert.Equal(0, await CountedAsync("account-1"));

        await CompleteWithEffectAsync(heir, "in time");
        Assert.Equal(1, await CountedAsync("account-1"));
        var replayed = Assert.IsType<IdempotencyResult.Replayed>(await Store.ClaimAsync(Request, Token));
        Assert.Equal("in time", Encoding.UTF8.GetString(replayed.Response));
    }

    [Fact]
    public async Task A_claim_that_is_given_up_is_free_at_once()
    {
        Assert.True(await Store.AbandonAsync(await ClaimedAsync(Request), Token));
        await ClaimedAsync(Request with { Fingerprint = [9] });
    }

    [Fact]
    public async Task A_request_is_remembered_for_its_time_to_live_and_its_epoch_grows_over_that()
    {
        var first = await ClaimedAsync(Request);
        Assert.True(await Store.CompleteAsync(first, Text("first"), Token));

        Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));
        Assert.IsType<IdempotencyResult.Replayed>(await RunAsync(Request));
        Assert.Equal(0, await Store.SweepAsync(100, Token));

        Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, await Store.SweepAsync(100, Token));
        Assert.True((await ClaimedAsync(Request)).Epoch > first.Epoch);
    }

    [Fact]
    public async Task What_is_past_its_time_is_as_if_it_were_gone_before_it_is_swept()
    {
        await RunAsync(Request);
        Time.Advance(TimeSpan.FromHours(24));
        Assert.IsType<IdempotencyResult.Executed>(await RunAsync(Request with { Fingerprint = [9] }));
    }

    [Fact]
    public async Task Looking_a_request_up_tells_what_a_call_would_be_answered_and_changes_nothing()
    {
        Assert.Null(await Store.FindAsync(Request, Token));
        var claim = await ClaimedAsync(Request); // which a look has not taken
        var inFlight = Assert.IsType<IdempotencyResult.InFlight>(await Store.FindAsync(Request, Token));
        Assert.Equal(TimeSpan.FromSeconds(30), inFlight.RetryAfter);

        Assert.True(await Store.CompleteAsync(claim, Text("paid"), Token));
        Assert.Equal("paid", Encoding.UTF8.GetString(Assert.IsType<IdempotencyResult.Replayed>(await Store.FindAsync(Request, Token)).Response));
        Assert.IsType<IdempotencyResult.Mismatch>(await Store.FindAsync(Request with { Fingerprint = [9] }, Token));
        Assert.Null(await Store.FindAsync(Request with { Principal = "bob" }, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.FindAsync(Request with { Key = "" }, Token));

        Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));
        Assert.IsType<IdempotencyResult.Replayed>(await Store.FindAsync(Request, Token));
        Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(await Store.FindAsync(Request, Token));
    }

    [Fact]
    public async Task A_request_whose_claim_ended_is_found_to_be_free()
    {
        await ClaimedAsync(Request);
        Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Null(await Store.FindAsync(Request, Token));
        Assert.IsType<IdempotencyResult.Mismatch>(await Store.FindAsync(Request with { Fingerprint = [9] }, Token));
        Assert.IsType<IdempotencyResult.Mismatch>(await Store.ClaimAsync(Request with { Fingerprint = [9] }, Token));
        await ClaimedAsync(Request);
    }

    [Fact]
    public async Task A_sweep_takes_no_more_than_it_was_told_and_only_what_is_past_its_time()
    {
        for (var i = 0; i < 10; i++)
            await RunAsync(Request with { Key = $"old-{i}" });
        Time.Advance(TimeSpan.FromHours(24));
        await RunAsync(Request with { Key = "new" });

        Assert.Equal(4, await Store.SweepAsync(4, Token));
        Assert.Equal(4, await Store.SweepAsync(4, Token));
        Assert.Equal(2, await Store.SweepAsync(4, Token));
        Assert.IsType<IdempotencyResult.Replayed>(await RunAsync(Request with { Key = "new" }));
    }

    [Fact]
    public async Task What_is_too_large_is_refused_and_undone()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => RunAsync(Request with { Key = new string('k', 256) }));
        await Assert.ThrowsAsync<ArgumentException>(() => RunAsync(Request with { Principal = "" }));
        await Assert.ThrowsAsync<ArgumentException>(() => RunAsync(Request with { Fingerprint = new byte[65] }));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.RunAsync(
            Request,
            async t =>
            {
                await CountUpAsync(t, "account-1");
                return new byte[IdempotencyStore.MaxResponseLength + 1];
            },
            Token));
        Assert.Equal(0, await CountedAsync("account-1"));
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static async ValueTask<byte[]> EffectAsync(ITransaction transaction, IdempotentRequest request, string response)
    {
        await CountUpAsync(transaction, request.DistributionKey);
        return Text(response);
    }

    private Task<IdempotencyResult> RunAsync(IdempotentRequest request) =>
        Store.RunAsync(request, t => EffectAsync(t, request, "done"), Token);

    private async Task<IdempotencyClaim> ClaimedAsync(IdempotentRequest request) =>
        Assert.IsType<IdempotencyResult.Claimed>(await Store.ClaimAsync(request, Token)).Claim;

    private Task CompleteWithEffectAsync(IdempotencyClaim claim, string response) => TransactAsync(
        Database,
        claim.Request.DistributionKey,
        async t =>
        {
            await CountUpAsync(t, claim.Request.DistributionKey);
            await IdempotencyStore.CompleteAsync(t, claim, Text(response));
        });
}
