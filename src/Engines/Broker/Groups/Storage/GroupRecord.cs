namespace Groundwork.Broker.Groups.Storage;

/// <summary>A record of the groups' log: what holds for a key from now on.</summary>
/// <param name="Key">What is told of.</param>
/// <param name="Value">What holds; null: nothing any more.</param>
internal readonly record struct GroupRecord(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte>? Value);
