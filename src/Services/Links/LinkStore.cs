using System.Security.Cryptography;
using Groundwork.Platform.Data;
using Groundwork.Ports.Database;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Links;

/// <summary>Links at rest: every statement of the module stands here.</summary>
internal sealed class LinkStore([FromKeyedServices(LinkStore.SchemaName)] IDatabase database, TimeProvider time)
{
    public const string SchemaName = "links";

    public static readonly DatabaseSchema Schema = new DatabaseSchema(
        SchemaName,
        [new("links", "number"), new("sequences", "name"), new("secrets", "name")],
        Migration.FromResources(typeof(LinkStore).Assembly, "links")).With(IdempotencyStore.Schema);

    private static readonly Statement InsertLink = new(
        "insert into links (number, long_url, created_at) values ($1, $2, $3) on conflict do nothing");

    private static readonly Statement SelectLink = new("select long_url, created_at from links where number = $1");

    private static readonly Statement LeaseNumbers = new(
        "insert into sequences (name, next) values ($1, $2) on conflict (name) do update set next = sequences.next + $2 returning next");

    private static readonly Statement InsertSecret = new("insert into secrets (name, value) values ($1, $2) on conflict do nothing");

    private static readonly Statement SelectSecret = new("select value from secrets where name = $1");

    /// <summary>Creates that may be sent again.</summary>
    public IdempotencyStore Requests { get; } = new(database, time);

    /// <summary>Stores a link; it is durable when this returns. The same link again changes nothing.</summary>
    /// <exception cref="InvalidOperationException">Its number belongs to another link. That breaks the promise of
    /// <see cref="CodeSequence"/>, and the other link is left as it is.</exception>
    public async Task StoreAsync(Link link, CancellationToken cancellationToken)
    {
        var stored = await database.WriteAsync(
            new Command(InsertLink, Key(link.Number), link.Number, link.LongUrl, link.CreatedAt), cancellationToken);
        if (stored == 0 && await FindAsync(link.Number, link.Code, cancellationToken) != link)
            throw new InvalidOperationException($"The number {link.Number} was handed out twice.");
    }

    /// <summary>Finds a link by its number.</summary>
    public async Task<Link?> FindAsync(long number, string code, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            new Command(SelectLink, Key(number), number),
            row => new Link(number, code, row.GetString(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1))),
            Freshness.Latest,
            cancellationToken);
        return rows.Count == 0 ? null : rows[0];
    }

    /// <summary>Takes the next block of numbers, for good.</summary>
    /// <returns>The first number after the block.</returns>
    public async Task<long> LeaseNumbersAsync(string sequence, long count, CancellationToken cancellationToken) =>
        (await database.WriteAsync(new Command(LeaseNumbers, sequence, sequence, count), row => row.GetInt64(0), cancellationToken))[0];

    /// <summary>The secret of this name: 32 random bytes, made by whoever asks first.</summary>
    public async Task<byte[]> SecretAsync(string name, CancellationToken cancellationToken)
    {
        await database.WriteAsync(new Command(InsertSecret, name, name, RandomNumberGenerator.GetBytes(32)), cancellationToken);
        return (await database.ReadAsync(
            new Command(SelectSecret, name, name), row => row.GetFieldValue<byte[]>(0), Freshness.Latest, cancellationToken))[0];
    }

    private static string Key(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
