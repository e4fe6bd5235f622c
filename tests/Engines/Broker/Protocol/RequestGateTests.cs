using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Tests.Protocol;

public sealed class RequestGateTests
{
    [Fact]
    public void Every_version_that_is_served_is_let_in()
    {
        foreach (var api in ApiCatalog.All.Where(a => a.Served is not null))
        {
            for (var version = api.Served!.Value.From; version <= api.Served.Value.To; version++)
            {
                Assert.Equal(RequestVerdict.Serve, RequestGate.Decide(new RequestHeader((short)api.Key, version, 1, null), out var found));
                Assert.Same(api, found);
            }
        }
    }

    [Theory]
    [InlineData(0, 2, "Produce of version 2 is not served; 3-12 are")]
    [InlineData(0, 13, "Produce of version 13 is not served; 3-12 are")]
    [InlineData(18, -1, "ApiVersions of version -1 is not served; 0-4 are")]
    [InlineData(17, 0, "SaslHandshake is not served")]
    [InlineData(7, 0, "API 7 is not known")]
    [InlineData(-1, 0, "API -1 is not known")]
    [InlineData(short.MaxValue, 0, "API 32767 is not known")]
    public void Anything_else_closes_the_connection_and_the_log_says_why(short key, short version, string reason)
    {
        var header = new RequestHeader(key, version, 1, null);

        Assert.Equal(RequestVerdict.Close, RequestGate.Decide(header, out _));
        Assert.Equal(reason, RequestGate.Reason(header));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(short.MaxValue)]
    public void Who_asks_for_versions_in_a_newer_version_than_is_spoken_is_told_those_that_are(short version)
    {
        Assert.Equal(RequestVerdict.AnswerVersions, RequestGate.Decide(new RequestHeader((short)ApiKey.ApiVersions, version, 1, null), out _));

        // Version 0, without a header's tagged fields: the error, and so many entries of three numbers.
        var answer = MessageCodec.Write(RequestGate.Versions(ErrorCode.UnsupportedVersion), 0);
        Assert.Equal("0023", Convert.ToHexString(answer[..2]));
        Assert.Equal(2 + 4 + (6 * ApiCatalog.All.Count(a => a.Served is not null)), answer.Length);
    }

    [Fact]
    public void All_that_is_served_is_advertised_and_nothing_that_does_not_exist()
    {
        var advertised = RequestGate.Versions(ErrorCode.None).ApiKeys.ToDictionary(k => k.ApiKey, k => new VersionRange(k.MinVersion, k.MaxVersion));

        Assert.Equal(ApiCatalog.All.Where(a => a.Served is not null).Select(a => (short)a.Key), advertised.Keys);
        foreach (var api in ApiCatalog.All.Where(a => a.Served is not null))
        {
            var said = advertised[(short)api.Key];
            Assert.InRange(api.Served!.Value.From, said.From, said.To);
            Assert.Equal(api.Served.Value.To, said.To);
            Assert.InRange(said.From, api.Existing.From, api.Existing.To);
            Assert.True(api.Existing.Contains(said.To));
        }
    }

    [Fact]
    public void Only_Produce_is_said_to_be_spoken_in_versions_that_are_not() =>
        Assert.Equal([ApiKey.Produce], ApiCatalog.All.Where(a => a.Served != a.Advertised).Select(a => a.Key));

    [Fact]
    public void The_header_of_an_answer_about_versions_is_never_flexible()
    {
        Assert.False(ApiCatalog.Get(ApiKey.ApiVersions).HasFlexibleResponseHeader(3));
        Assert.Equal(RequestHeader.Flexible, ApiCatalog.Get(ApiKey.ApiVersions).RequestHeaderVersion(3));
        Assert.True(ApiCatalog.Get(ApiKey.Metadata).HasFlexibleResponseHeader(9));
        Assert.False(ApiCatalog.Get(ApiKey.Metadata).HasFlexibleResponseHeader(8));
        Assert.False(ApiCatalog.Get(ApiKey.SaslHandshake).IsFlexible(1));
    }
}
