using Groundwork.Broker.Operations;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Tests.Operations;

/// <summary>Settings described and changed over the wire.</summary>
public sealed class ConfigTests
{
    private const sbyte Topic = (sbyte)ConfigResource.Topic;
    private const sbyte Broker = (sbyte)ConfigResource.Broker;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_topic_says_what_is_set_and_what_is_the_default(short version)
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t", 1, ("retention.ms", "5000"));
        var client = await broker.ConnectAsync();

        var answer = (await client.AskAsync(Describe(Topic, "t", null), version, Cancellation)).Results[0];

        var (set, unset) = (answer.Configs.Single(c => c.Name == "retention.ms"), answer.Configs.Single(c => c.Name == "segment.bytes"));
        Assert.Equal((ErrorCode.None, "5000", "1073741824"), (answer.ErrorCode, set.Value, unset.Value));
        if (version == 0)
            Assert.Equal((false, true), (set.IsDefault, unset.IsDefault));
        else
            Assert.Equal(((sbyte)ConfigSource.Topic, (sbyte)ConfigSource.Default), (set.ConfigSource, unset.ConfigSource));
    }

    [Fact]
    public async Task Single_settings_with_their_synonyms_and_words_about_them_can_be_asked_for()
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t", 1, ("retention.ms", "5000"));
        var client = await broker.ConnectAsync();
        var request = Describe(Topic, "t", ["retention.ms"]);
        (request.IncludeSynonyms, request.IncludeDocumentation) = (true, true);

        var config = Assert.Single((await client.AskAsync(request, Cancellation)).Results[0].Configs);

        Assert.Equal(["5000", "604800000"], config.Synonyms.Select(s => s.Value));
        Assert.False(string.IsNullOrEmpty(config.Documentation));
    }

    [Fact]
    public async Task The_brokers_own_are_read_only_and_what_is_not_there_is_said()
    {
        await using var broker = await RunningBroker.StartAsync();
        var client = await broker.ConnectAsync();
        async Task<DescribeConfigsResponse.DescribeConfigsResult> AskAsync(sbyte type, string name) =>
            (await client.AskAsync(Describe(type, name, null), Cancellation)).Results[0];

        var own = await AskAsync(Broker, "1");
        Assert.Equal("1", own.Configs.Single(c => c.Name == "broker.id").Value);
        Assert.All(own.Configs, c => Assert.True(c.ReadOnly));
        Assert.Equal(ErrorCode.InvalidRequest, (await AskAsync(Broker, "2")).ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await AskAsync(Topic, "none")).ErrorCode);
        Assert.Equal(ErrorCode.InvalidRequest, (await AskAsync(8, "x")).ErrorCode);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task What_is_set_can_be_replaced_as_a_whole(short version)
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t", 1, ("retention.ms", "5000"));
        var client = await broker.ConnectAsync();
        async Task<ErrorCode> AskAsync(string name, string value, bool validateOnly = false, sbyte type = Topic, string topic = "t") => (await client.AskAsync(
            new AlterConfigsRequest { ValidateOnly = validateOnly, Resources = [new() { ResourceType = type, ResourceName = topic, Configs = [new() { Name = name, Value = value }] }] },
            version, Cancellation)).Responses[0].ErrorCode;

        Assert.Equal(ErrorCode.None, await AskAsync("segment.bytes", "2000000", validateOnly: true));
        Assert.Equal(["retention.ms"], broker.Node.Topics.Find("t")!.Settings.Keys);
        Assert.Equal(ErrorCode.None, await AskAsync("segment.bytes", "2000000"));
        Assert.Equal(["segment.bytes"], broker.Node.Topics.Find("t")!.Settings.Keys);
        Assert.Equal(2_000_000, broker.Node.Topics.Find("t")!.Partitions[0].Settings.SegmentBytes);
        Assert.Equal(ErrorCode.InvalidConfig, await AskAsync("segment.bytes", "1"));
        Assert.Equal(ErrorCode.InvalidRequest, await AskAsync("num.partitions", "2", type: Broker, topic: "1"));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, await AskAsync("segment.bytes", "2000000", topic: "none"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Single_settings_are_set_unset_and_lists_added_to_and_taken_from(short version)
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t");
        var client = await broker.ConnectAsync();
        async Task<ErrorCode> AskAsync(sbyte operation, string name, string? value) => (await client.AskAsync(
            new IncrementalAlterConfigsRequest
            {
                Resources = [new() { ResourceType = Topic, ResourceName = "t", Configs = [new() { Name = name, ConfigOperation = operation, Value = value }] }],
            },
            version, Cancellation)).Responses[0].ErrorCode;

        Assert.Equal(ErrorCode.None, await AskAsync(0, "retention.ms", "5000"));
        Assert.Equal(5000, broker.Node.Topics.Find("t")!.Partitions[0].Settings.RetentionMs);
        Assert.Equal(ErrorCode.None, await AskAsync(1, "retention.ms", null));
        Assert.Equal(604_800_000, broker.Node.Topics.Find("t")!.Partitions[0].Settings.RetentionMs);
        Assert.Equal(ErrorCode.None, await AskAsync(2, "cleanup.policy", "delete"));
        Assert.Equal(ErrorCode.InvalidConfig, await AskAsync(2, "cleanup.policy", "compact"));
        Assert.Equal(ErrorCode.InvalidConfig, await AskAsync(3, "cleanup.policy", "delete"));
        Assert.Equal(ErrorCode.InvalidConfig, await AskAsync(2, "retention.ms", "1"));
        Assert.Equal(ErrorCode.InvalidConfig, await AskAsync(0, "retention.ms", null));
        Assert.Equal(ErrorCode.InvalidConfig, await AskAsync(9, "retention.ms", "1"));
        Assert.Equal(ErrorCode.InvalidConfig, await AskAsync(0, "no.such", "1"));
    }

    private static DescribeConfigsRequest Describe(sbyte type, string name, List<string>? keys) => new()
    {
        Resources = [new() { ResourceType = type, ResourceName = name, ConfigurationKeys = keys }],
    };
}
