using Groundwork.Platform.Data;
using Groundwork.Ports.Database;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Platform.Messaging;

/// <summary>Requests to the broker by HTTP that may be sent again.</summary>
internal sealed class MessagingRequests([FromKeyedServices(MessagingRequests.SchemaName)] IDatabase database, TimeProvider time)
{
    public const string SchemaName = "messaging";

    public static readonly DatabaseSchema Schema = new DatabaseSchema(SchemaName, [], []).With(IdempotencyStore.Schema);

    /// <summary>Which they were, for a day.</summary>
    public IdempotencyStore Store { get; } = new(database, time);
}
