using System.Globalization;
using Groundwork.Platform.Data;
using Groundwork.Ports.Database;

namespace Groundwork.Platform.Messaging.Drills;

/// <summary>The rows of <see cref="OutboxDrill"/>: items that are changed, the changes that committed, and what was made of their events.</summary>
internal static class ItemRows
{
    /// <summary>The drill's own schema, apart from every module's.</summary>
    public static readonly DatabaseSchema Schema = new DatabaseSchema(
        "outboxdrill",
        [new("item", "name"), new("change", "item"), new("effect", "item"), new("place", "topic_partition")],
        Migration.FromResources(typeof(ItemRows).Assembly, "outbox_drill")).With(Outbox.Schema).With(LeaseStore.Schema).With(Inbox.Schema);

    private static readonly Statement NextVersion = new("""
        insert into item (name, version) values ($1, 1) on conflict (name) do update set version = item.version + 1 returning version
        """);

    private static readonly Statement InsertChange = new("insert into change (item, version, event_id) values ($1, $2, $3)");

    private static readonly Statement CountEffect = new("""
        insert into effect (item, event_id, times) values ($1, $2, 1) on conflict (item, event_id) do update set times = effect.times + 1
        """);

    private static readonly Statement MovePlace = new("""
        insert into place (topic_partition, next) values ($1, $2) on conflict (topic_partition) do update set next = excluded.next
        """);

    private static readonly Statement SelectPlace = new("select next from place where topic_partition = $1");

    private static readonly Statement SelectChanges = new("select item, version, event_id from change");

    private static readonly Statement SelectEffects = new("select event_id, times from effect");

    /// <summary>Changes an item, in a transaction of the item's key.</summary>
    public static async ValueTask ChangeAsync(ITransaction transaction, string item, string eventId)
    {
        var version = await transaction.QueryAsync(NextVersion, row => row.GetInt64(0), item);
        await transaction.ExecuteAsync(InsertChange, item, version[0], eventId);
    }

    /// <summary>The effect of an event, in the transaction in which the inbox keeps its id.</summary>
    public static async ValueTask TakeEffectAsync(ITransaction transaction, string item, string eventId) =>
        await transaction.ExecuteAsync(CountEffect, item, eventId);

    /// <summary>Where a partition's reader goes on.</summary>
    public static async Task<long> PlaceAsync(IDatabase database, int partition, CancellationToken cancellationToken)
    {
        var name = Name(partition);
        var next = await database.ReadAsync(new Command(SelectPlace, name, name), row => row.GetInt64(0), Freshness.Latest, cancellationToken);
        return next.Count > 0 ? next[0] : 0;
    }

    /// <summary>What is before an offset of a partition took effect.</summary>
    public static Task MovePlaceAsync(IDatabase database, int partition, long next, CancellationToken cancellationToken) =>
        database.WriteAsync(new Command(MovePlace, Name(partition), Name(partition), next), cancellationToken);

    /// <summary>The changes that committed, by the events that tell of them.</summary>
    public static async Task<Dictionary<string, (string Item, long Version)>> ChangesAsync(IDatabase database, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            new Command(SelectChanges, Command.AnyKey), row => (Item: row.GetString(0), Version: row.GetInt64(1), Id: row.GetString(2)), Freshness.Latest, cancellationToken);
        return rows.ToDictionary(row => row.Id, row => (row.Item, row.Version), StringComparer.Ordinal);
    }

    /// <summary>How many times each event took effect.</summary>
    public static async Task<Dictionary<string, long>> EffectsAsync(IDatabase database, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            new Command(SelectEffects, Command.AnyKey), row => (Id: row.GetString(0), Times: row.GetInt64(1)), Freshness.Latest, cancellationToken);
        return rows.ToDictionary(row => row.Id, row => row.Times, StringComparer.Ordinal);
    }

    private static string Name(int partition) => partition.ToString(CultureInfo.InvariantCulture);
}
