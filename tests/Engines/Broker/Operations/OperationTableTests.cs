using Groundwork.Broker.Operations;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Tests.Protocol;

namespace Groundwork.Broker.Tests.Operations;

public sealed class OperationTableTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void What_is_said_to_be_served_is_served_and_nothing_else()
    {
        var said = ApiCatalog.All.Where(api => api.Served is not null).Select(api => api.Key);
        Assert.Equal(said.Order(), OperationTable.All.Select(operation => operation.Api).Order());
    }

    [Fact]
    public async Task Clients_are_told_every_api_with_its_versions()
    {
        await using var broker = await RunningBroker.StartAsync();
        var client = await broker.ConnectAsync();

        foreach (var version in new short[] { 0, 3, 4 })
        {
            var answer = await client.AskAsync(new ApiVersionsRequest { ClientSoftwareName = "wire", ClientSoftwareVersion = "1" }, version, Cancellation);
            Assert.Equal(ErrorCode.None, answer.ErrorCode);
            Assert.Equal(
                ApiCatalog.All.Where(api => api.Advertised is not null).Select(api => ((short)api.Key, api.Advertised!.Value.From, api.Advertised.Value.To)),
                answer.ApiKeys.Select(api => (api.ApiKey, api.MinVersion, api.MaxVersion)));
        }
    }

    [Fact]
    public async Task A_client_from_the_future_is_told_the_versions_in_the_oldest_of_them()
    {
        await using var broker = await RunningBroker.StartAsync();
        var client = await broker.ConnectAsync();

        // Version 9 of ApiVersions, number 7, no client's name: what else it has nobody knows.
        await client.SendRawAsync(Convert.FromHexString("0000000A00120009000000070000"), Cancellation);
        var answer = await client.ReceiveAsync<ApiVersionsResponse>(7, ApiKey.ApiVersions, 0, Cancellation);

        Assert.Equal(ErrorCode.UnsupportedVersion, answer.ErrorCode);
        Assert.NotEmpty(answer.ApiKeys);
    }

    [Theory]
    [InlineData((short)ApiKey.Produce, 2)]
    [InlineData((short)ApiKey.Metadata, 99)]
    [InlineData((short)ApiKey.SaslHandshake, 0)]
    [InlineData(9999, 0)]
    [InlineData(-1, 0)]
    public async Task What_is_not_served_ends_the_connection_and_the_log_says_why(short api, short version)
    {
        await using var broker = await RunningBroker.StartAsync();
        var client = await broker.ConnectAsync();

        await client.SendRawAsync(new byte[] { 0, 0, 0, 10, (byte)(api >> 8), (byte)api, (byte)(version >> 8), (byte)version, 0, 0, 0, 1, 0, 0 }, Cancellation);

        Assert.Null(await client.ReceiveFrameAsync(Cancellation));
        Assert.Contains("not", Assert.Single(broker.Closed), StringComparison.Ordinal);
    }

    /// <summary>Every version of every API, with a request in which nothing is asked for: an old client's answer must not trip over what only newer ones have room for.</summary>
    [Fact]
    public async Task Every_version_of_every_api_is_answered()
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t", 2);
        _ = await broker.AppendAsync("t", 0, "a");

        foreach (var api in ApiCatalog.All.Where(api => api.Served is not null))
        {
            for (var version = api.Served!.Value.From; version <= api.Served.Value.To; version++)
            {
                var client = await broker.ConnectAsync();
                var request = Plain(api.Key);
                if (request is ProduceRequest produce)
                    produce.Acks = 1;
                _ = await client.SendAsync(request, version, Cancellation);
                var frame = await client.ReceiveFrameAsync(Cancellation);
                broker.AssertNoFailure();
                Assert.True(frame is not null, $"{api.Key} {version}: {string.Join('\n', broker.Closed)}");
                Read(api, version, frame);
            }
        }
    }

    private static void Read(ApiInfo api, short version, byte[] frame)
    {
        var reader = new ProtocolReader(frame);
        _ = ResponseHeader.Read(ref reader, api.HasFlexibleResponseHeader(version));
        _ = ApiMessages.ReadResponse(api.Key, ref reader, version);
        reader.ExpectEnd();
    }

    private static IRequest Plain(ApiKey api) => (IRequest)Activator.CreateInstance(Table.Class(
        Table.Schemas.Single(schema => schema.Key == (short)api).Messages[0]))!;
}
