using Groundwork.Ports.Messaging;
using Groundwork.Testing;

namespace Groundwork.Kafka.Tests;

/// <summary>What an operator is told whose <c>Broker:Connection</c> leads nowhere.</summary>
public sealed class AddressTests
{
    private const string Secret = "hunter2hunter2";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("localhost:9092")]
    [InlineData("kafka-1:9092, kafka-2:9092;security=ssl")]
    [InlineData("kafka:9092;security=sasl_ssl;mechanism=scram-sha-512;user=shop;password=a=b" + Secret)]
    [InlineData("[::1]:9092;")]
    public void An_address_may_say_how_to_enter(string connection) => Assert.Null(new KafkaEngine().Fault(connection));

    [Theory]
    [InlineData("localhost", "begins with no host:port")]
    [InlineData("localhost:99999", "begins with no host:port")]
    [InlineData(";user=me", "begins with no host:port")]
    [InlineData("me:" + Secret + "@localhost:9092", "begins with no host:port")]
    [InlineData("localhost:9092;pasword=" + Secret, "an option that is none of security, mechanism, user, password, ca")]
    [InlineData("localhost:9092;" + Secret, "an option that is none of")]
    [InlineData("localhost:9092;security=tls", "none of plaintext, ssl, sasl_plaintext, sasl_ssl")]
    [InlineData("localhost:9092;security=sasl_ssl;user=me", "not both of user and password")]
    [InlineData("localhost:9092;user=me;password=" + Secret, "a security that is not of SASL")]
    [InlineData("localhost:9092;security=sasl_ssl;user=a;password=" + Secret + ";password=" + Secret, "twice")]
    [InlineData("localhost:9092;security=sasl_ssl;user=a;password=" + Secret + ";mechanism=gssapi", "none of plain, scram-sha-256, scram-sha-512")]
    [InlineData("localhost:9092;security=ssl;ca=/nowhere", "a ca that is no file")]
    public void A_text_that_cannot_be_read_is_refused_and_not_repeated(string connection, string problem)
    {
        var fault = new KafkaEngine().Fault(connection);
        var refused = Assert.Throws<BrokerException>(() => Clients.Create(connection));

        Assert.Contains(problem, fault, StringComparison.Ordinal);
        Assert.Contains("Broker:Connection", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, fault + refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_where_nobody_is_says_which_and_what_to_check()
    {
        var address = $"127.0.0.1:{SparePort.Next()}";
        await using var broker = Clients.Create(address, "1s");

        foreach (var call in new Func<Task>[]
        {
            async () => await broker.CheckAsync(Token),
            async () => await broker.AppendAsync("topic", [new(null, new byte[] { 1 })], Token),
            async () => await broker.JoinAsync("group", ["topic"], null, Token),
        })
        {
            var failure = await Assert.ThrowsAsync<BrokerException>(call);
            Assert.Equal(BrokerFault.Unavailable, failure.Fault);
            Assert.Contains(address, failure.Message, StringComparison.Ordinal);
            Assert.Contains("Check that it runs, and that Broker:Connection names it", failure.Message, StringComparison.Ordinal);
        }
    }
}
