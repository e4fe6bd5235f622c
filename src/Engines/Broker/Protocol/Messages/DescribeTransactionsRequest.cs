// Made from Schema/DescribeTransactions.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Asks how transactions stand.</summary>
internal sealed class DescribeTransactionsRequest : IRequest<DescribeTransactionsResponse>, IReadable<DescribeTransactionsRequest>
{
    public List<string> TransactionalIds { get; set; } = [];

    public ApiKey Api => ApiKey.DescribeTransactions;

    public static DescribeTransactionsRequest Read(ref ProtocolReader reader, short version)
    {
        var read = new DescribeTransactionsRequest();
        reader.ReadStringArray(read.TransactionalIds, flexible: true);
        reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        writer.WriteStringArray(TransactionalIds, flexible: true);
        writer.WriteUnsignedVarint(0);
    }
}
