using Groundwork.Broker.Logs;
using Groundwork.Broker.Topics;
using Groundwork.Ports.Messaging.Inspection;

namespace Groundwork.Broker.Node.Loads;

/// <summary>
/// Samples what comes to partitions and goes from them, and says which are hot: those to which so much more comes than to the others of their topic that
/// the topic is no faster than they are.
/// </summary>
/// <remarks>
/// <para>Hot is a partition to which three times as much comes as to the others of its topic on average, by records or by bytes, for five samples in a row,
/// and at least 100 records or 1 MiB a second: what is less needs no second partition. It is no longer when it was less than twice as much, or half of that floor, for
/// five. So a producer that fills one batch after another for one partition, as clients do with records without keys, makes none hot.</para>
/// <para>Appending pays nothing for it: rates come from the logs' own counters, and the keys of a hot partition from its newest batches, read
/// back from the page cache (<see cref="KeySample"/>), for <see cref="MaxSampled"/> partitions at most.</para>
/// <para>Safe for concurrent callers.</para>
/// </remarks>
internal sealed class LoadWatch(TopicCatalog topics, TimeProvider time)
{
    /// <summary>How many samples in a row make a partition hot, or not hot any more.</summary>
    public const int Samples = 5;

    /// <summary>Of how many hot partitions keys are looked at.</summary>
    public const int MaxSampled = 8;

    private const double HotTimes = 3;
    private const double CoolTimes = 2;
    private const double LeastRecords = 100;
    private const double LeastBytes = 1 << 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<PartitionLog, Suspect> _suspects = [];

    /// <summary>Is told of a partition that has become hot; on the thread that samples.</summary>
    public Action<string, int, PartitionHeat> OnHot { get; set; } = (_, _, _) => { };

    /// <summary>The partitions that are hot.</summary>
    public IReadOnlyList<(string Topic, int Partition, double Share)> Hot()
    {
        lock (_lock)
            return [.. _suspects.Values.Where(suspect => suspect.IsHot).Select(suspect => (suspect.Topic, suspect.Partition, suspect.Share))];
    }

    /// <summary>What is known of a partition that is hot; null of one that isn't.</summary>
    public PartitionHeat? Find(PartitionLog log)
    {
        lock (_lock)
            return _suspects.TryGetValue(log, out var suspect) && suspect.IsHot ? Describe(suspect) : null;
    }

    /// <summary>Takes a sample of all partitions; once a second.</summary>
    public void Sample()
    {
        var seconds = time.GetElapsedTime(0).TotalSeconds;
        var newlyHot = new List<(Suspect Suspect, PartitionHeat Heat)>();
        lock (_lock)
        {
            foreach (var suspect in _suspects.Values)
                suspect.IsSeen = false;
            foreach (var topic in topics.All)
                Sample(topic, seconds);
            foreach (var (log, suspect) in _suspects)
            {
                if (!suspect.IsSeen)
                    _ = _suspects.Remove(log);
                else if (suspect.Judge(time.GetUtcNow()))
                    newlyHot.Add((suspect, Describe(suspect)));
            }
        }

        foreach (var (suspect, heat) in newlyHot)
            OnHot(suspect.Topic, suspect.Partition, heat);
    }

    private void Sample(Topic topic, double seconds)
    {
        var all = default(PartitionLoad);
        foreach (var log in topic.Partitions)
        {
            log.Traffic.Sample(seconds, log.EndOffset);
            all += log.Traffic.Load;
        }

        var n = topic.Partitions.Length;
        if (n < 2 || all.RecordsIn == 0)
            return;
        for (var i = 0; i < n; i++)
        {
            var log = topic.Partitions[i];
            var load = log.Traffic.Load;
            var share = Math.Max(load.RecordsIn / all.RecordsIn, all.BytesIn == 0 ? 0 : load.BytesIn / all.BytesIn);
            var floor = Math.Max(load.RecordsIn / LeastRecords, load.BytesIn / LeastBytes);
            var isKnown = _suspects.TryGetValue(log, out var suspect);
            var stays = share >= ShareOf(CoolTimes, n) && floor >= 0.5;
            var begins = share >= ShareOf(HotTimes, n) && floor >= 1;
            if (!isKnown && !begins)
                continue;
            if (!isKnown)
                _suspects.Add(log, suspect = new Suspect(topic.Name, i));
            suspect!.See(share, suspect.IsHot ? stays : begins);
            if (suspect.Keys is null && _suspects.Values.Count(other => other.Keys is not null) < MaxSampled)
                suspect.Keys = new KeySample(log.HighWatermark, time);
            suspect.Keys?.Take(log);
        }
    }

    // Of n partitions one has so many times as much as the others on average where this is its share of all.
    private static double ShareOf(double times, int n) => times / (times + n - 1);

    private static PartitionHeat Describe(Suspect suspect) => new(
        suspect.Share, suspect.Since, suspect.Keys?.Report(out var keyless) ?? KeySample.None(out keyless), keyless);

    private sealed class Suspect(string topic, int partition)
    {
        private int _inRow;

        public string Topic => topic;

        public int Partition => partition;

        public double Share { get; private set; }

        public DateTimeOffset Since { get; private set; }

        public bool IsHot { get; private set; }

        public bool IsSeen { get; set; }

        public KeySample? Keys { get; set; }

        // What counts is what is otherwise than before: so many in a row change it.
        public void See(double share, bool isOver)
        {
            Share = share;
            _inRow = isOver == IsHot ? 0 : _inRow + 1;
            IsSeen = isOver || IsHot;
        }

        /// <summary>Whether it has become hot by this sample.</summary>
        public bool Judge(DateTimeOffset now)
        {
            if (_inRow < Samples)
                return false;
            (_inRow, IsHot) = (0, !IsHot);
            if (IsHot)
                Since = now;
            return IsHot;
        }
    }
}
