// Made from Schema/FindCoordinator.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Asks which node coordinates groups or transactions.</summary>
internal sealed class FindCoordinatorRequest : IRequest<FindCoordinatorResponse>, IReadable<FindCoordinatorRequest>
{
    public string Key { get; set; } = "";

    /// <summary>0: a group; 1: a transaction; 2: a share group.</summary>
    public sbyte KeyType { get; set; }

    public List<string> CoordinatorKeys { get; set; } = [];

    public ApiKey Api => ApiKey.FindCoordinator;

    public static FindCoordinatorRequest Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 3;
        var read = new FindCoordinatorRequest();
        if (version <= 3)
            read.Key = reader.ReadString(flexible);
        if (version >= 1)
            read.KeyType = reader.ReadInt8();
        if (version >= 4)
            reader.ReadStringArray(read.CoordinatorKeys, flexible: true);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 3;
        if (version <= 3)
            writer.WriteString(Key, flexible);
        else if (Key.Length > 0)
            throw ProtocolWriter.NotInVersion("FindCoordinatorRequest.Key", version);
        if (version >= 1)
            writer.WriteInt8(KeyType);
        else if (KeyType != 0)
            throw ProtocolWriter.NotInVersion("FindCoordinatorRequest.KeyType", version);
        if (version >= 4)
            writer.WriteStringArray(CoordinatorKeys, flexible: true);
        else if (CoordinatorKeys.Count > 0)
            throw ProtocolWriter.NotInVersion("FindCoordinatorRequest.CoordinatorKeys", version);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }
}
