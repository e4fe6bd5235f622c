using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using Groundwork.Cache.Commands.Cluster;
using Groundwork.Cache.Entries.Eviction;
using Groundwork.Cache.Resp;
using static Groundwork.Cache.Commands.Server.Info;

namespace Groundwork.Cache.Commands.Server;

/// <summary>What INFO says of the server as a whole. What a cache does not do is counted as 0 where clients look for it.</summary>
internal static class InfoSections
{
    public static void Server(CacheEngine engine, StringBuilder text)
    {
        var now = engine.Time.GetUtcNow();
        var uptime = now - engine.StartedAt;
        Line(text, "redis_version", Encoding.ASCII.GetString(CacheVersion.Redis));
        Line(text, "redis_mode", engine.Cluster.IsOn ? "cluster" : "standalone");
        Line(text, "os", RuntimeInformation.OSDescription);
        Line(text, "arch_bits", 8 * IntPtr.Size);
        Line(text, "process_id", Environment.ProcessId);
        Line(text, "run_id", engine.RunId);
        Line(text, "tcp_port", engine.Server?.Addresses.OfType<IPEndPoint>().FirstOrDefault()?.Port ?? 0);
        Line(text, "server_time_usec", now.ToUnixTimeMilliseconds() * 1000);
        Line(text, "uptime_in_seconds", (long)uptime.TotalSeconds);
        Line(text, "uptime_in_days", (long)uptime.TotalDays);
        Line(text, "executable", Environment.ProcessPath ?? "");
        Line(text, "config_file", "");
    }

    public static void Clients(CacheEngine engine, StringBuilder text)
    {
        var clients = engine.Clients.All.ToArray();
        Line(text, "connected_clients", clients.Length);
        Line(text, "cluster_connections", 0);
        Line(text, "maxclients", (engine.Server?.Limits ?? new ClientLimits()).MaxClients);
        Line(text, "client_recent_max_input_buffer", clients.Select(c => (long)c.Connection.InputBytes.Room).DefaultIfEmpty().Max());
        Line(text, "client_recent_max_output_buffer", clients.Select(c => c.Connection.OutputBytes).DefaultIfEmpty().Max());
        Line(text, "blocked_clients", clients.LongCount(c => c.IsBlocked));
        Line(text, "tracking_clients", engine.Tracking.Clients);
        Line(text, "pubsub_clients", clients.LongCount(c => c.Subscriptions.Any));
        Line(text, "watching_clients", clients.LongCount(c => c.Transaction.Watched.Count > 0));
    }

    public static void Memory(CacheEngine engine, StringBuilder text)
    {
        var pool = engine.Keyspace.Pool;
        var (held, peak, resident) = (pool.Held, pool.Peak, Environment.WorkingSet);
        var buffers = engine.Clients.All.Sum(c => c.Connection.MemoryBytes);
        Size("used_memory", held);
        Line(text, "used_memory_rss", resident);
        Line(text, "used_memory_rss_human", Human(resident));
        Size("used_memory_peak", peak);
        Line(text, "used_memory_peak_perc", Percent(held, peak));
        Line(text, "used_memory_overhead", held - engine.Keyspace.BlockBytes);
        Line(text, "used_memory_dataset", engine.Keyspace.BlockBytes);
        Line(text, "used_memory_dataset_perc", Percent(engine.Keyspace.BlockBytes, held));
        Size("total_system_memory", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        Size("maxmemory", pool.Limit);
        Line(text, "maxmemory_policy", EvictionPolicies.NameOf(engine.Keyspace.Use.Policy));
        Line(text, "mem_fragmentation_ratio", (resident / (double)Math.Max(1, held)).ToString("F2", CultureInfo.InvariantCulture));
        Line(text, "mem_not_counted_for_evict", 0);
        Line(text, "mem_clients_normal", buffers);
        Line(text, "mem_clients_slaves", 0);
        Line(text, "mem_replication_backlog", 0);
        Line(text, "mem_aof_buffer", 0);
        Line(text, "mem_allocator", "groundwork");
        Line(text, "managed_heap_bytes", GC.GetTotalMemory(forceFullCollection: false));
        Line(text, "evacuated_blocks", engine.Keyspace.Evacuated);
        Line(text, "lazyfree_pending_objects", engine.Keyspace.Remains);

        void Size(string name, long bytes)
        {
            Line(text, name, bytes);
            Line(text, name + "_human", Human(bytes));
        }
    }

    // Nothing is kept on disk.
    public static void Persistence(CacheEngine engine, StringBuilder text)
    {
        foreach (var name in (ReadOnlySpan<string>)["loading", "async_loading", "rdb_changes_since_last_save", "rdb_bgsave_in_progress"])
            Line(text, name, 0);
        Line(text, "rdb_last_save_time", engine.StartedAt.ToUnixTimeSeconds());
        Line(text, "rdb_last_bgsave_status", "ok");
        Line(text, "aof_enabled", 0);
        Line(text, "aof_rewrite_in_progress", 0);
        Line(text, "aof_rewrite_scheduled", 0);
        Line(text, "aof_last_write_status", "ok");
    }

    public static void Stats(CacheEngine engine, StringBuilder text)
    {
        var server = engine.Server?.Count() ?? new ServerCounters();
        var keys = engine.Keyspace.Count();
        Line(text, "total_connections_received", server.Received);
        Line(text, "total_commands_processed", engine.Stats.Calls());
        Line(text, "instantaneous_ops_per_sec", engine.Pace.PerSecond(engine.Stats.Calls()));
        Line(text, "total_net_input_bytes", server.BytesIn);
        Line(text, "total_net_output_bytes", server.BytesOut);
        Line(text, "rejected_connections", server.Rejected);
        Line(text, "sync_full", 0);
        Line(text, "sync_partial_ok", 0);
        Line(text, "sync_partial_err", 0);
        Line(text, "expired_keys", keys.Expired);
        Line(text, "evicted_keys", keys.Evicted);
        Line(text, "evicted_clients", server.Closed(CloseReason.MemoryLimit));
        Line(text, "keyspace_hits", keys.Hits);
        Line(text, "keyspace_misses", keys.Misses);
        Line(text, "leases", engine.Spaces.Clients.CountLeases());
        Line(text, "pubsub_channels", engine.Channels.Count(ChannelKind.Channel));
        Line(text, "pubsub_patterns", engine.Channels.Count(ChannelKind.Pattern));
        Line(text, "pubsubshard_channels", engine.Channels.Count(ChannelKind.Shard));
        Line(text, "tracking_total_keys", engine.Tracking.Keys);
        Line(text, "tracking_total_items", engine.Tracking.Items);
        Line(text, "tracking_total_prefixes", engine.Tracking.Prefixes);
        Line(text, "latest_fork_usec", 0);
        Line(text, "total_forks", 0);
        Line(text, "unexpected_error_replies", server.Closed(CloseReason.Failure));
        Line(text, "total_error_replies", engine.Stats.Errors);
    }

    public static void Replication(CacheEngine engine, StringBuilder text)
    {
        if (engine.Cluster.Map is { Self: { IsReplica: true } self } map)
            Replica(text, map.Nodes.First(n => n.Id == self.PrimaryId));
        else
            Line(text, "role", "master");
        Line(text, "connected_slaves", 0);
        Line(text, "master_failover_state", "no-failover");
        Line(text, "master_replid", engine.RunId);
        Line(text, "master_replid2", new string('0', 40));
        Line(text, "master_repl_offset", 0);
        Line(text, "second_repl_offset", -1);
        Line(text, "repl_backlog_active", 0);
    }

    // Nothing comes from the primary yet.
    private static void Replica(StringBuilder text, ClusterNode primary)
    {
        Line(text, "role", "slave");
        Line(text, "master_host", primary.Host);
        Line(text, "master_port", primary.Port);
        Line(text, "master_link_status", "down");
        Line(text, "slave_read_only", 1);
    }

    public static void Processor(CacheEngine engine, StringBuilder text)
    {
        using var process = Process.GetCurrentProcess();
        Line(text, "used_cpu_sys", Seconds(process.PrivilegedProcessorTime));
        Line(text, "used_cpu_user", Seconds(process.UserProcessorTime));
        Line(text, "used_cpu_sys_children", Seconds(TimeSpan.Zero));
        Line(text, "used_cpu_user_children", Seconds(TimeSpan.Zero));
    }

    /// <summary>Bytes as people read them.</summary>
    public static string Human(long bytes)
    {
        var (value, unit) = bytes switch
        {
            < 1 << 10 => (bytes, "B"),
            < 1 << 20 => (bytes / 1024.0, "K"),
            < 1 << 30 => (bytes / (1024.0 * 1024), "M"),
            _ => (bytes / (1024.0 * 1024 * 1024), "G"),
        };
        return value.ToString(unit == "B" ? "F0" : "F2", CultureInfo.InvariantCulture) + unit;
    }

    private static string Percent(long part, long whole) =>
        (100.0 * part / Math.Max(1, whole)).ToString("F2", CultureInfo.InvariantCulture) + "%";

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("F6", CultureInfo.InvariantCulture);
}
