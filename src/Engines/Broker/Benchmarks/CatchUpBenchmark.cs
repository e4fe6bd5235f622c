using System.Runtime.InteropServices;
using Groundwork.Broker.Benchmarks.Load;
using Groundwork.Ports.Experiments;

namespace Groundwork.Broker.Benchmarks;

/// <summary>Reading what has long left the page cache: what a consumer does that was away.</summary>
internal sealed partial class CatchUpBenchmark : ServedBenchmark
{
    private const int RecordBytes = 1024;
    private const int RecordsABatch = 64;
    private const long Records = 512_000;
    private const int Forget = 4; // POSIX_FADV_DONTNEED

    /// <inheritdoc/>
    public override string Name => "broker.catchup.1k";

    /// <inheritdoc/>
    public override string Work => FormattableString.Invariant(
        $"{Records:N0} records of {RecordBytes} bytes in batches of {RecordsABatch}, none of them in the page cache, read by one consumer, up to 1 MiB at a time; beside the same files read from the disk.");

    /// <inheritdoc/>
    public override string Unit => "records";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
            return [Contender.Absent("Groundwork", "Only Linux lets a program take files out of the page cache.")];
        var records = context.Smoke ? Records / 100 : Records;
        var server = await FilledTopic.StartAsync(context, "broker", 1, RecordBytes, RecordsABatch, records, cancellationToken);
        var load = new ConsumeLoad(server.Port, FilledTopic.Name, 1, 1, commits: false);
        var files = Directory.GetFiles(Path.Combine(context.Folder, "broker"), "*.log", SearchOption.AllDirectories);
        return
        [
            new Contender(
                server.Name,
                async token =>
                {
                    ForgetAll(files);
                    return await load.RunAsync(records, token);
                },
                () =>
                {
                    load.Dispose();
                    return server.EndAsync();
                },
                server.ProcessId) { OnlyServerCounts = true },
            new Contender("disk only", token => Task.Run(() => ReadAll(files, records), token)) { OnlyServerCounts = true },
        ];
    }

    private static long ReadAll(string[] files, long records)
    {
        ForgetAll(files);
        var buffer = new byte[KafkaRequests.FetchBytes];
        foreach (var path in files)
        {
            using var file = File.OpenHandle(path);
            for (long at = 0; RandomAccess.Read(file, buffer, at) is > 0 and var read;)
                at += read;
        }

        return records;
    }

    private static void ForgetAll(string[] files)
    {
        foreach (var path in files)
        {
            // Pages that are not written yet would stay.
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.FlushToDisk(file);
            _ = Advise((int)file.DangerousGetHandle(), 0, 0, Forget);
            GC.KeepAlive(file);
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(int descriptor, long offset, long length, int advice);
}
