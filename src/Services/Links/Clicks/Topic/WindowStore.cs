using System.Data.Common;
using System.Globalization;
using Groundwork.Ports.Database;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Links.Clicks;

/// <summary>How far the clicks of each partition have been counted, at rest.</summary>
/// <remarks>
/// A window is a stretch of a partition's offsets. It is opened before its parts are written and finished after: whoever goes on after a crash finds it open, counts the same
/// stretch, and writes the same parts under the same name. Each step is a write that says from which state on; of two who count a partition at the same time one is refused.
/// </remarks>
internal sealed class WindowStore([FromKeyedServices(LinkStore.SchemaName)] IDatabase database)
{
    /// <summary>Its tables.</summary>
    public static readonly IReadOnlyList<Table> Tables = [new("click_windows", "topic_partition")];

    private static readonly Statement Insert = new("""
        insert into click_windows (topic_partition, next, upto, windows, seen) values ($1, 0, 0, 0, $2) on conflict do nothing
        """);

    private static readonly Statement Select = new("select next, upto, windows, seen from click_windows where topic_partition = $1");

    private static readonly Statement SelectWindows = new("select topic_partition, windows from click_windows");

    // Also where this very window is open: the answer may have been lost.
    private static readonly Statement Open = new("""
        update click_windows set upto = $3 where topic_partition = $1 and next = $2 and (upto = $2 or upto = $3) and windows = $4
        """);

    private static readonly Statement Finish = new("""
        update click_windows set next = $3, windows = windows + 1, seen = $5 where topic_partition = $1 and next = $2 and upto = $3 and windows = $4
        """);

    private static readonly Statement Reset = new("""
        update click_windows set next = $2, upto = $2, windows = windows + 1, seen = $4 where topic_partition = $1 and windows = $3
        """);

    /// <summary>How far a partition has been counted.</summary>
    public async Task<WindowState> LoadAsync(int partition, CancellationToken cancellationToken)
    {
        var key = Key(partition);
        var rows = await database.ReadAsync(new Command(Select, key, (long)partition), Read, Freshness.Latest, cancellationToken);
        if (rows.Count > 0)
            return rows[0];
        await database.WriteAsync(new Command(Insert, key, (long)partition, Array.Empty<byte>()), cancellationToken);
        return (await database.ReadAsync(new Command(Select, key, (long)partition), Read, Freshness.Latest, cancellationToken))[0];
    }

    /// <summary>Opens a window, up to before an offset.</summary>
    /// <returns>False where somebody else has gone on meanwhile.</returns>
    public async Task<bool> OpenAsync(int partition, WindowState state, long upto, CancellationToken cancellationToken) => await database.WriteAsync(
        new Command(Open, Key(partition), (long)partition, state.Next, upto, state.Windows), cancellationToken) == 1;

    /// <summary>All parts of the open window are written.</summary>
    /// <returns>False where somebody else has gone on meanwhile.</returns>
    public async Task<bool> FinishAsync(int partition, WindowState state, byte[] seen, CancellationToken cancellationToken) => await database.WriteAsync(
        new Command(Finish, Key(partition), (long)partition, state.Next, state.Upto, state.Windows, seen), cancellationToken) == 1;

    /// <summary>Begins anew at an offset: the topic is another one than it was.</summary>
    public async Task ResetAsync(int partition, WindowState state, long next, CancellationToken cancellationToken) => await database.WriteAsync(
        new Command(Reset, Key(partition), (long)partition, next, state.Windows, Array.Empty<byte>()), cancellationToken);

    /// <summary>Of each partition, how many windows are finished.</summary>
    public async Task<IReadOnlyDictionary<int, long>> FinishedAsync(CancellationToken cancellationToken) => (await database.ReadAsync(
        new Command(SelectWindows, Command.AnyKey), row => ((int)row.GetInt64(0), row.GetInt64(1)), Freshness.Latest, cancellationToken))
        .ToDictionary(row => row.Item1, row => row.Item2);

    private static WindowState Read(DbDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetFieldValue<byte[]>(3));

    private static string Key(int partition) => partition.ToString(CultureInfo.InvariantCulture);
}

/// <summary>How far a partition has been counted.</summary>
/// <param name="Next">All offsets before it have been.</param>
/// <param name="Upto">Where the open window ends; the same as <paramref name="Next"/> where none is open.</param>
/// <param name="Windows">How many windows are finished: the number of the next one, or of the open one.</param>
/// <param name="Seen">Who had published what up to <paramref name="Next"/>: the bytes of a <see cref="SeenPublishers"/>.</param>
internal sealed record WindowState(long Next, long Upto, long Windows, byte[] Seen);
