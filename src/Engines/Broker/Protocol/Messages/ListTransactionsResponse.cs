// Made from Schema/ListTransactions.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Transactions with their states.</summary>
internal sealed class ListTransactionsResponse : IResponse, IReadable<ListTransactionsResponse>
{
    public int ThrottleTimeMs { get; set; }

    public ErrorCode ErrorCode { get; set; }

    public List<string> UnknownStateFilters { get; set; } = [];

    public List<ListedTransaction> TransactionStates { get; set; } = [];

    public ApiKey Api => ApiKey.ListTransactions;

    public static ListTransactionsResponse Read(ref ProtocolReader reader, short version)
    {
        var read = new ListTransactionsResponse();
        read.ThrottleTimeMs = reader.ReadInt32();
        read.ErrorCode = reader.ReadError();
        reader.ReadStringArray(read.UnknownStateFilters, flexible: true);
        reader.ReadArray(read.TransactionStates, version, flexible: true, leastBytes: 11);
        reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        writer.WriteInt32(ThrottleTimeMs);
        writer.WriteError(ErrorCode);
        writer.WriteStringArray(UnknownStateFilters, flexible: true);
        writer.WriteArray(TransactionStates, version, flexible: true);
        writer.WriteUnsignedVarint(0);
    }

    internal sealed class ListedTransaction : IMessage, IReadable<ListedTransaction>
    {
        public string TransactionalId { get; set; } = "";

        public long ProducerId { get; set; }

        public string TransactionState { get; set; } = "";

        public static ListedTransaction Read(ref ProtocolReader reader, short version)
        {
            var read = new ListedTransaction();
            read.TransactionalId = reader.ReadString(flexible: true);
            read.ProducerId = reader.ReadInt64();
            read.TransactionState = reader.ReadString(flexible: true);
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteString(TransactionalId, flexible: true);
            writer.WriteInt64(ProducerId);
            writer.WriteString(TransactionState, flexible: true);
            writer.WriteUnsignedVarint(0);
        }
    }
}
