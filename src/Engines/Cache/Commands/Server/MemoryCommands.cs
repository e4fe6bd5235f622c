using System.Text;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Memory;
using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Server;

/// <summary>MEMORY USAGE key [SAMPLES count], PURGE: where the client is. STATS, DOCTOR, MALLOC-STATS: of the clients' databases.</summary>
internal static unsafe class MemoryCommands
{
    // A key's share of the index: a slot, at the fill that buckets have on average.
    private const int IndexBytes = 12;

    /// <summary>The exact size of the entry's block, what lies outside, and its share of the index; nothing is sampled.</summary>
    public static void Usage(Call call)
    {
        if (call.Count != 3)
        {
            if (call.Count != 5 || !call.Is(3, "samples"u8))
            {
                call.Reply.SyntaxError();
                return;
            }

            if (!call.TryInteger(4, out var samples))
                return;
            if (samples < 0)
            {
                call.Reply.SyntaxError();
                return;
            }
        }

        var key = call.Look(2);
        if (key.Exists)
            call.Reply.Integer(BytesOf(key.Shard, key.Found));
        else
            call.Reply.Null();
    }

    /// <summary>What a key takes: the exact size of its block, what lies outside, and its share of the index.</summary>
    public static long BytesOf(Shard shard, Found found) =>
        shard.Heap.SizeOf(KeyIndex.BlockOf(*found.Slot)) + ValueStore.OutsideBytes(shard, found) + IndexBytes;

    public static void Statistics(Call call)
    {
        var keyspace = call.Engine.Keyspace;
        var keys = keyspace.Count().Keys.Sum();
        (string Name, long Value)[] figures =
        [
            ("peak.allocated", keyspace.Pool.Peak),
            ("total.allocated", keyspace.Pool.Held),
            ("startup.allocated", 0),
            ("replication.backlog", 0),
            ("clients.slaves", 0),
            ("clients.normal", call.Engine.Clients.All.Sum(c => c.Connection.MemoryBytes)),
            ("aof.buffer", 0),
            ("overhead.total", keyspace.Pool.Held - keyspace.BlockBytes),
            ("keys.count", keys),
            ("keys.bytes-per-key", keys == 0 ? 0 : keyspace.Pool.Held / keys),
            ("dataset.bytes", keyspace.BlockBytes),
            ("evacuated.blocks", keyspace.Evacuated),
        ];
        call.Reply.MapHeader(figures.Length);
        foreach (var (name, value) in figures)
        {
            call.Reply.Bulk(Encoding.ASCII.GetBytes(name));
            call.Reply.Integer(value);
        }
    }

    public static void Doctor(Call call)
    {
        var (held, blocks) = (call.Engine.Keyspace.Pool.Held, call.Engine.Keyspace.BlockBytes);
        var lost = held == 0 ? 0 : 100 - (100 * blocks / held);
        call.Reply.Verbatim("txt"u8, Encoding.ASCII.GetBytes(
            $"{held} bytes are held, {blocks} of them by keys and values: {lost}% are index, rounding, and pages that are not full. Sparse pages are emptied as the server runs."));
    }

    /// <summary>Empties sparse pages now, as far as that goes.</summary>
    public static void Purge(Call call)
    {
        foreach (var shard in call.Keyspace.Shards)
        {
            while (shard.Heap.TryEvacuate())
            {
            }
        }

        call.Reply.Ok();
    }

    public static void Allocator(Call call)
    {
        var text = new StringBuilder();
        foreach (var shard in call.Engine.Keyspace.Shards)
            text.Append($"shard {shard.Number}: {shard.HeldBytes} bytes of pages, {shard.Heap.BlockBytes} of blocks, {shard.Heap.Evacuated} blocks moved\n");
        text.Append($"pages of {PagePool.PageBytes} bytes: {call.Engine.Keyspace.Pool.Held} bytes held, {call.Engine.Keyspace.Pool.Peak} at most\n");
        call.Reply.Verbatim("txt"u8, Encoding.ASCII.GetBytes(text.ToString()));
    }
}
