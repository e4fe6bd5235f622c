using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Groundwork.Broker.Logs;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Records;
using Groundwork.Broker.Storage;

namespace Groundwork.Broker.Topics;

/// <summary>
/// All topics: made, changed and deleted one at a time, each change durable when it returns; found without a lock.
/// </summary>
/// <remarks>Bounded: <paramref name="maxPartitions"/> of all topics together. Refusals are values; what a disk refuses is an <see cref="IOException"/>.</remarks>
internal sealed class TopicCatalog(IDisk disk, int maxPartitions)
{
    // '~' is in no topic's name.
    private const string DeletedMark = "~deleted~";

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, Topic> _topics = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, Topic> _byId = new();
    private LogStore? _logs;
    private int _partitions;

    /// <summary>All topics, in no order.</summary>
    public IEnumerable<Topic> All => _topics.Values;

    /// <summary>How many partitions there are.</summary>
    public int PartitionCount => Volatile.Read(ref _partitions);

    /// <summary>How many there may be.</summary>
    public int MaxPartitions => maxPartitions;

    /// <summary>The topic of a name; null where there is none.</summary>
    public Topic? Find(string name) => _topics.GetValueOrDefault(name);

    /// <summary>The topic of an id; null where there is none.</summary>
    public Topic? Find(Guid id) => _byId.GetValueOrDefault(id);

    /// <summary>Reads all topics, and opens their logs.</summary>
    /// <exception cref="InvalidDataException">Something that was written cannot be read.</exception>
    public LogStore Open(LogStoreOptions options, TimeProvider time)
    {
        disk.CreateFolder(TopicFile.Root);
        var files = new List<(string Name, TopicFile File)>();
        foreach (var name in disk.List(TopicFile.Root))
        {
            if (TopicFile.Read(disk, name) is { } file && !name.Contains(DeletedMark, StringComparison.Ordinal))
                files.Add((name, file));
            else
                disk.DeleteFolder(TopicFile.Folder(name));
        }

        _logs = LogStore.Open(disk, files.SelectMany(f => Places(f.Name, f.File, 0)), options, time);
        var logs = _logs.Logs.ToDictionary(log => log.Place.Id);
        foreach (var (name, file) in files)
            Publish(new Topic(name, file.Id, file.Settings, [.. file.Logs.Select(id => logs[id])]));
        return _logs;
    }

    /// <summary>What would be wrong with making a topic; null where nothing is.</summary>
    public BatchFault? CheckNew(string name, int partitions, IReadOnlyDictionary<string, string> settings)
    {
        if (TopicName.Fault(name) is { } nameFault)
            return new(ErrorCode.InvalidTopicException, nameFault);
        if (_topics.ContainsKey(name))
            return new(ErrorCode.TopicAlreadyExists, $"There is a topic {name}.");
        if (partitions <= 0)
            return new(ErrorCode.InvalidPartitions, $"A topic has 1 partition or more, not {partitions}.");
        if (partitions > maxPartitions - PartitionCount)
            return TooMany(partitions);
        foreach (var (setting, value) in settings)
        {
            if (TopicSettings.Fault(setting, value) is { } fault)
                return new(ErrorCode.InvalidConfig, fault);
        }

        return null;
    }

    /// <summary>Makes a topic.</summary>
    public (Topic? Topic, BatchFault? Fault) Create(string name, int partitions, ImmutableSortedDictionary<string, string> settings)
    {
        lock (_lock)
        {
            if (CheckNew(name, partitions, settings) is { } fault)
                return (null, fault);
            var file = new TopicFile(Guid.NewGuid(), [.. NewLogs(partitions)], settings);
            disk.CreateFolder(TopicFile.Folder(name));
            file.Write(disk, name);
            var topic = new Topic(name, file.Id, settings, [.. Places(name, file, 0).Select(_logs!.Create)]);
            Publish(topic);
            return (topic, null);
        }
    }

    /// <summary>Adds partitions to a topic: keys that find theirs by a hash find others from then on.</summary>
    public BatchFault? AddPartitions(string name, int total, bool validateOnly)
    {
        lock (_lock)
        {
            if (Find(name) is not { } topic)
                return Unknown(name);
            var added = total - topic.Partitions.Length;
            if (added <= 0)
                return new(ErrorCode.InvalidPartitions, $"{name} has {topic.Partitions.Length} partitions, and can only get more, not {total}.");
            if (added > maxPartitions - PartitionCount)
                return TooMany(added);
            if (validateOnly)
                return null;
            var file = new TopicFile(topic.Id, [.. topic.Partitions.Select(log => log.Place.Id), .. NewLogs(added)], topic.Settings);
            file.Write(disk, name);
            Publish(topic with { Partitions = [.. topic.Partitions, .. Places(name, file, topic.Partitions.Length).Select(_logs!.Create)] });
            return null;
        }
    }

    /// <summary>Replaces what is set of a topic.</summary>
    public BatchFault? Alter(string name, Func<ImmutableSortedDictionary<string, string>, (ImmutableSortedDictionary<string, string> Settings, string? Fault)> change, bool validateOnly)
    {
        lock (_lock)
        {
            if (Find(name) is not { } topic)
                return Unknown(name);
            var (settings, fault) = change(topic.Settings);
            fault ??= settings.Select(s => TopicSettings.Fault(s.Key, s.Value)).FirstOrDefault(f => f is not null);
            if (fault is not null)
                return new(ErrorCode.InvalidConfig, fault);
            if (validateOnly)
                return null;
            new TopicFile(topic.Id, [.. topic.Partitions.Select(log => log.Place.Id)], settings).Write(disk, name);
            foreach (var log in topic.Partitions)
                log.Settings = TopicSettings.ToLog(settings);
            Publish(topic with { Settings = settings });
            return null;
        }
    }

    /// <summary>Deletes a topic with all that is in it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="id">Its id, where another one of that name is not meant.</param>
    public BatchFault? Delete(string name, Guid? id = null)
    {
        lock (_lock)
        {
            if (Find(name) is not { } topic || (id is not null && topic.Id != id))
                return Unknown(name);
            _ = _topics.TryRemove(name, out _);
            _ = _byId.TryRemove(topic.Id, out _);
            Volatile.Write(ref _partitions, _partitions - topic.Partitions.Length);
            foreach (var log in topic.Partitions)
                _logs!.Remove(log);

            // From here on it is gone, also after a crash; the rest is tidying up.
            var gone = $"{TopicFile.Folder(name)}{DeletedMark}{topic.Id:N}";
            disk.RenameFolder(TopicFile.Folder(name), gone);
            disk.DeleteFolder(gone);
            return null;
        }
    }

    private static IEnumerable<LogPlace> Places(string name, TopicFile file, int from)
    {
        var settings = TopicSettings.ToLog(file.Settings);
        for (var i = from; i < file.Logs.Length; i++)
            yield return new LogPlace(file.Logs[i], TopicFile.Folder(name, i), $"{name}-{i}", settings);
    }

    // Drawn, not counted: a number that was given to a deleted log never comes again.
    private static IEnumerable<ulong> NewLogs(int count) =>
        Enumerable.Range(0, count).Select(_ => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))));

    private static BatchFault Unknown(string name) => new(ErrorCode.UnknownTopicOrPartition, $"There is no topic {name}.");

    private BatchFault TooMany(int partitions) => new(
        ErrorCode.PolicyViolation, $"{partitions} more partitions would be more than the {maxPartitions} that Broker:MaxPartitions allows; there are {PartitionCount}.");

    private void Publish(Topic topic)
    {
        Volatile.Write(ref _partitions, _partitions + topic.Partitions.Length - (Find(topic.Name)?.Partitions.Length ?? 0));
        _topics[topic.Name] = topic;
        _byId[topic.Id] = topic;
    }
}
