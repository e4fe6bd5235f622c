using System.Data.Common;
using Groundwork.Platform.Access;
using Groundwork.Platform.Access.Keys;
using Groundwork.Ports.Database;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Platform.Tests.Access;

public sealed class KeyVerifierTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_check_that_read_the_key_before_its_revocation_is_not_remembered_after_it()
    {
        await using var access = await AccessInstance.StartedAsync();
        var held = new HeldDatabase(access.Instance.Services.GetRequiredKeyedService<IDatabase>("access"));
        var store = new KeyStore(held);
        var verifier = new KeyVerifier(store, access.Time);
        using var registry = new KeyRegistry(store, verifier, access.Instance.Modules, access.Time);
        var (_, key, text) = await registry.MakeAsync("reader", ScopeSet.Everything, null, Cancellation);

        held.Hold();
        var check = verifier.VerifyAsync(text, Cancellation).AsTask();
        await held.HasRead;
        await registry.RevokeAsync(key!, Cancellation);
        held.LetGo();

        Assert.NotNull((await check).Principal); // it began before the revocation
        Assert.Null((await verifier.VerifyAsync(text, Cancellation)).Principal);
    }

    /// <summary>A database whose next read has its rows, but doesn't hand them out until it is let go.</summary>
    private sealed class HeldDatabase(IDatabase database) : IDatabase
    {
        private TaskCompletionSource? _hasRead;
        private TaskCompletionSource _mayReturn = new();

        public string Name => database.Name;

        public bool IsShared => database.IsShared;

        public Task HasRead { get; private set; } = Task.CompletedTask;

        public void Hold()
        {
            _hasRead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _mayReturn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            HasRead = _hasRead.Task;
        }

        public void LetGo() => _mayReturn.SetResult();

        public async Task<IReadOnlyList<T>> ReadAsync<T>(
            Command command, Func<DbDataReader, T> map, Freshness freshness = Freshness.Latest, CancellationToken cancellationToken = default)
        {
            var rows = await database.ReadAsync(command, map, freshness, cancellationToken);
            if (Interlocked.Exchange(ref _hasRead, null) is { } hasRead)
            {
                hasRead.SetResult();
                await _mayReturn.Task;
            }

            return rows;
        }

        public Task<IReadOnlyList<T>> WriteAsync<T>(Command command, Func<DbDataReader, T> map, CancellationToken cancellationToken = default) =>
            database.WriteAsync(command, map, cancellationToken);

        public Task<int> WriteAsync(Command command, CancellationToken cancellationToken = default) =>
            database.WriteAsync(command, cancellationToken);

        public Task<T> TransactAsync<T>(string key, Func<ITransaction, ValueTask<T>> work, CancellationToken cancellationToken = default) =>
            database.TransactAsync(key, work, cancellationToken);
    }
}
