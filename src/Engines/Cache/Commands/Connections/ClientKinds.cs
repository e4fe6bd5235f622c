using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Connections;

/// <summary>The types that clients are told apart by: normal, pubsub, replica (slave), master; of the last two there are none.</summary>
internal static class ClientKinds
{
    private const ClientKind Master = (ClientKind)(-1);

    /// <summary>Reads a type's name, in any case.</summary>
    public static bool TryParse(string name, out ClientKind kind)
    {
        switch (name.ToUpperInvariant())
        {
            case "NORMAL":
                kind = ClientKind.Normal;
                return true;
            case "PUBSUB":
                kind = ClientKind.PubSub;
                return true;
            case "SLAVE" or "REPLICA":
                kind = ClientKind.Replica;
                return true;
            case "MASTER":
                kind = Master;
                return true;
            default:
                kind = default;
                return false;
        }
    }

    /// <summary>Whether a client is of a type.</summary>
    public static bool Is(Session client, ClientKind kind) =>
        kind == (client.Subscriptions.Any ? ClientKind.PubSub : ClientKind.Normal);
}
