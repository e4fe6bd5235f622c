using System.Net;
using Microsoft.Extensions.Logging;

namespace Groundwork.Broker;

/// <summary>What the broker says.</summary>
internal static partial class BrokerLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "The broker serves Kafka's protocol on {Address}.")]
    public static partial void Listens(ILogger log, EndPoint? address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker does not listen: {Reason} Set Broker:Listen to another address.")]
    public static partial void DoesNotListen(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The log {Name}: {Reason}")]
    public static partial void LogReported(ILogger log, string name, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The connection of {Client} was closed: {Reason}")]
    public static partial void ClosedConnection(ILogger log, EndPoint? client, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A request failed in a way that nobody foresaw.")]
    public static partial void RequestFailed(ILogger log, Exception failure);
}
