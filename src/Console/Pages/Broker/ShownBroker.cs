namespace Groundwork.Console.Pages.Broker;

/// <summary>The broker's server, as the API shows it.</summary>
public sealed record ShownServer(
    string? Address, string ClusterId, int Clients, int Topics, int Partitions, int MaxPartitions, int Groups, string? ModulesUse);

/// <summary>What comes and goes a second.</summary>
public sealed record ShownLoad(double RecordsIn, double BytesIn, double RecordsOut, double BytesOut);

/// <summary>A topic, as the API shows it; in a list without its partitions.</summary>
public sealed record ShownTopic(
    string Name,
    bool Internal,
    int PartitionCount,
    long Records,
    long Bytes,
    DateTimeOffset? LatestTime,
    ShownLoad PerSecond,
    IReadOnlyList<int> HotPartitions,
    IReadOnlyDictionary<string, string> Settings,
    IReadOnlyList<ShownPartition>? Partitions);

/// <summary>A page of them.</summary>
public sealed record ShownTopics(IReadOnlyList<ShownTopic> Items, string? NextCursor);

/// <summary>A partition.</summary>
public sealed record ShownPartition(
    int Number, long StartOffset, long EndOffset, long Bytes, DateTimeOffset? LatestTime, ShownLoad PerSecond, ShownHeat? Hot, string? Trouble);

/// <summary>What is known of a hot one.</summary>
public sealed record ShownHeat(double Share, DateTimeOffset Since, IReadOnlyList<ShownHotKey> Keys, double KeylessShare);

/// <summary>A key that many of its records have.</summary>
public sealed record ShownHotKey(string? Key, string? KeyBase64, double Share);

/// <summary>Some records of a partition.</summary>
public sealed record ShownRecords(
    IReadOnlyList<ShownRecord> Items, string? NextCursor, long FromOffset, long NextOffset, long StartOffset, long EndOffset, string? Damage);

/// <summary>A record.</summary>
public sealed record ShownRecord(
    int Partition, long Offset, DateTimeOffset Time, string? Key, string? KeyBase64, string? Value, string? ValueBase64, int? ValueBytes, IReadOnlyList<ShownHeader> Headers);

/// <summary>Something that goes with it.</summary>
public sealed record ShownHeader(string Name, string? Value, string? ValueBase64);

/// <summary>Where records were appended.</summary>
public sealed record ShownPlaces(IReadOnlyList<ShownPlace> Places);

/// <summary>One of them.</summary>
public sealed record ShownPlace(int Partition, long Offset);

/// <summary>What more partitions do.</summary>
public sealed record ShownPartitionPlan(string Topic, int From, int To, double MovedShare);

/// <summary>All that can be set of a topic.</summary>
public sealed record ShownSettings(IReadOnlyList<ShownSetting> Items);

/// <summary>Something that can be set of a topic.</summary>
public sealed record ShownSetting(
    string Name, string Value, string Default, bool IsSet, IReadOnlyList<string>? Words, long? Min, long? Max, string? Unit, string About)
{
    /// <summary>Whether there is only one value that it takes.</summary>
    public bool IsFixed => Words is null ? Min == Max : Words.Count == 1;
}

/// <summary>What deleting records would take.</summary>
public sealed record ShownDeletion(string Topic, int Partition, long BeforeOffset, long StartOffset, long EndOffset, long Records);

/// <summary>What a change of a topic's settings takes away.</summary>
public sealed record ShownSettingsPlan(string Topic, long Records, long TotalRecords);

/// <summary>Where a partition begins.</summary>
public sealed record ShownStart(long StartOffset);

/// <summary>A group, as the API shows it; in a list without its members and partitions.</summary>
public sealed record ShownGroup(
    string Name,
    string State,
    int MemberCount,
    IReadOnlyList<string> Topics,
    long Lag,
    double? RetentionLeft,
    string? ProtocolType,
    string? Protocol,
    IReadOnlyList<ShownMember>? Members,
    IReadOnlyList<ShownGroupPartition>? Partitions);

/// <summary>A page of them.</summary>
public sealed record ShownGroups(IReadOnlyList<ShownGroup> Items, string? NextCursor);

/// <summary>A member.</summary>
public sealed record ShownMember(string Id, string? InstanceId, string ClientId, string Host, IReadOnlyList<ShownAssigned> Partitions);

/// <summary>A partition that it was given.</summary>
public sealed record ShownAssigned(string Topic, int Partition);

/// <summary>How far a group is in a partition.</summary>
public sealed record ShownGroupPartition(
    string Topic, int Partition, long? CommittedOffset, long StartOffset, long EndOffset, long? Lag, double? RetentionLeft, string? MemberId);

/// <summary>What a reset does.</summary>
public sealed record ShownResetPlan(string Group, int MemberCount, IReadOnlyList<ShownMove> Moves);

/// <summary>Where a group goes on in a partition.</summary>
public sealed record ShownMove(string Topic, int Partition, long? FromOffset, long ToOffset, long StartOffset, long EndOffset, long? Records);
