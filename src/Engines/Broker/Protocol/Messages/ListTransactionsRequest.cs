// Made from Schema/ListTransactions.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Asks which transactions there are.</summary>
internal sealed class ListTransactionsRequest : IRequest<ListTransactionsResponse>, IReadable<ListTransactionsRequest>
{
    public List<string> StateFilters { get; set; } = [];

    public List<long> ProducerIdFilters { get; set; } = [];

    public long DurationFilter { get; set; } = -1;

    public ApiKey Api => ApiKey.ListTransactions;

    public static ListTransactionsRequest Read(ref ProtocolReader reader, short version)
    {
        var read = new ListTransactionsRequest();
        reader.ReadStringArray(read.StateFilters, flexible: true);
        reader.ReadInt64Array(read.ProducerIdFilters, flexible: true);
        if (version >= 1)
            read.DurationFilter = reader.ReadInt64();
        reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        writer.WriteStringArray(StateFilters, flexible: true);
        writer.WriteInt64Array(ProducerIdFilters, flexible: true);
        if (version >= 1)
            writer.WriteInt64(DurationFilter);
        else if (DurationFilter != -1)
            throw ProtocolWriter.NotInVersion("ListTransactionsRequest.DurationFilter", version);
        writer.WriteUnsignedVarint(0);
    }
}
