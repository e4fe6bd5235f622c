using Groundwork.Broker.Groups.Membership;

namespace Groundwork.Broker.Groups;

/// <summary>How much groups may take, and what they go by.</summary>
internal sealed record GroupLimits
{
    /// <summary>What all groups go by.</summary>
    public GroupRules Rules { get; init; } = new();

    /// <summary>Groups in all; 10,000. A join or a commit that would make one more is answered PolicyViolation, which clients take as
    /// final.</summary>
    public int MaxGroups { get; init; } = 10_000;

    /// <summary>Characters of a group's name; 255. A longer one is answered InvalidGroupId.</summary>
    public int MaxNameLength { get; init; } = 255;

    /// <summary>The shortest session that a member may ask for; 6 s. A shorter one is answered InvalidSessionTimeout.</summary>
    public int MinSessionMs { get; init; } = 6000;

    /// <summary>The longest session that a member may ask for; 30 minutes. A longer one is answered InvalidSessionTimeout.</summary>
    public int MaxSessionMs { get; init; } = 1_800_000;

    /// <summary>Ways to assign that a member may name; 64. More are answered PolicyViolation.</summary>
    public int MaxProtocols { get; init; } = 64;

    /// <summary>Bytes of what a member joins with, in all of its ways to assign; 1 MiB. More are answered PolicyViolation.</summary>
    public int MaxSubscriptionBytes { get; init; } = 1 << 20;

    /// <summary>Characters of the text that a client commits with an offset; 4,096. A longer one is answered
    /// OffsetMetadataTooLarge.</summary>
    public int MaxMetadataLength { get; init; } = 4096;

    /// <summary>How long offsets are kept that nobody reads: after their group became empty, or after the commit where members read other
    /// topics; 7 days.</summary>
    public long RetentionMs { get; init; } = 7L * 24 * 60 * 60 * 1000;

    /// <summary>How often offsets are looked through for those; 10 minutes.</summary>
    public TimeSpan SweepEvery { get; init; } = TimeSpan.FromMinutes(10);
}
