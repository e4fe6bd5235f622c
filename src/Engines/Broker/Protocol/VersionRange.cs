namespace Groundwork.Broker.Protocol;

/// <summary>Versions of an API, both ends included.</summary>
internal readonly record struct VersionRange(short From, short To)
{
    public bool Contains(short version) => version >= From && version <= To;

    public override string ToString() => From == To ? $"{From}" : $"{From}-{To}";
}
