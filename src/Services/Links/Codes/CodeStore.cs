using System.Security.Cryptography;
using Groundwork.Ports.Database;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Links;

/// <summary>What codes need at rest: the counter, and the keys that all copies share.</summary>
internal sealed class CodeStore([FromKeyedServices(LinkStore.SchemaName)] IDatabase database)
{
    private static readonly Statement LeaseNumbers = new(
        "insert into sequences (name, next) values ($1, $2) on conflict (name) do update set next = sequences.next + $2 returning next");

    private static readonly Statement SelectNext = new("select next from sequences where name = $1");

    private static readonly Statement InsertSecret = new("insert into secrets (name, value) values ($1, $2) on conflict do nothing");

    private static readonly Statement SelectSecret = new("select value from secrets where name = $1");

    /// <summary>Takes the next block of numbers, for good.</summary>
    /// <returns>The first number after the block.</returns>
    public async Task<long> LeaseNumbersAsync(string sequence, long count, CancellationToken cancellationToken) =>
        (await database.WriteAsync(new Command(LeaseNumbers, sequence, sequence, count), row => row.GetInt64(0), cancellationToken))[0];

    /// <summary>The first number that nobody has taken yet.</summary>
    public async Task<long> NextNumberAsync(string sequence, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            new Command(SelectNext, sequence, sequence), row => row.GetInt64(0), Freshness.Latest, cancellationToken);
        return rows.Count == 0 ? 0 : rows[0];
    }

    /// <summary>The secret of this name: 32 random bytes, made by whoever asks first.</summary>
    public async Task<byte[]> SecretAsync(string name, CancellationToken cancellationToken)
    {
        await database.WriteAsync(new Command(InsertSecret, name, name, RandomNumberGenerator.GetBytes(32)), cancellationToken);
        return (await database.ReadAsync(
            new Command(SelectSecret, name, name), row => row.GetFieldValue<byte[]>(0), Freshness.Latest, cancellationToken))[0];
    }
}
