using Groundwork.Platform.Access;
using Groundwork.Platform.Access.Keys;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Platform.Tests.Access;

public sealed class KeyManagementTests
{
    private static readonly Principal Keeper = new("keeper", PrincipalKind.Key, "keeper", ScopeSet.Of(["access:manage", "toys:read"]));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("toys:read", true)]
    [InlineData("access:manage", true)]
    [InlineData("toys:write", false)]
    [InlineData("toys:*", false)]
    [InlineData("*", false)]
    public async Task Nobody_makes_a_key_that_may_more_than_they_may(string scope, bool isMade)
    {
        await using var access = await AccessInstance.StartedAsync();
        var keys = access.Instance.Services.GetRequiredService<KeyManagement>();

        var answer = await keys.MakeAsync(Keeper, new MakeKey("new", [scope], null), Cancellation);

        Assert.Equal(isMade, answer.Key is not null);
        Assert.Equal(isMade ? null : 403, answer.Problem?.Kind.Status);
        Assert.Equal(isMade ? 1 : 0, (await keys.ListAsync(Cancellation)).Count);
    }

    [Fact]
    public async Task Nobody_gets_the_secret_of_a_key_that_may_more_by_rotating_it_but_may_revoke_it()
    {
        await using var access = await AccessInstance.StartedAsync();
        var keys = access.Instance.Services.GetRequiredService<KeyManagement>();
        await keys.MakeAsync(Principal.Control, new MakeKey("all", ["*"], null), Cancellation);

        Assert.Equal(403, (await keys.RotateAsync(Keeper, "all", null, Cancellation)).Problem!.Kind.Status);
        Assert.NotNull((await keys.RevokeAsync("all", Cancellation)).Key);
        Assert.Empty(await keys.ListAsync(Cancellation));
    }
}
