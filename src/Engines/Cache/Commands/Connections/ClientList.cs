using System.Globalization;
using System.Text;
using Groundwork.Cache.Commands.Tracking;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Connections;

/// <summary>CLIENT LIST [TYPE type | ID id …], CLIENT INFO: a line a client. Redis' fields; what is unknown here is 0 or -1.</summary>
internal static class ClientList
{
    public static void Run(Call call)
    {
        Predicate<Session> filter = static _ => true;
        if (call.Count > 3 && call.Is(2, "id"u8))
        {
            var ids = new HashSet<long>();
            for (var i = 3; i < call.Count; i++)
            {
                if (!IntegerText.TryParse(call[i], out var id) || id < 1)
                {
                    call.Reply.Error("ERR Invalid client ID"u8);
                    return;
                }

                ids.Add(id);
            }

            filter = c => ids.Contains(c.Connection.Id);
        }
        else if (call.Count == 4 && call.Is(2, "type"u8))
        {
            var name = Encoding.Latin1.GetString(call[3]);
            if (!ClientKinds.TryParse(name, out var kind))
            {
                call.Reply.Error($"ERR Unknown client type '{name}'");
                return;
            }

            filter = c => ClientKinds.Is(c, kind);
        }
        else if (call.Count != 2)
        {
            call.Reply.SyntaxError();
            return;
        }

        var text = new StringBuilder();
        foreach (var client in call.Engine.Clients.All)
        {
            if (filter(client))
                Describe(client, client == call.Client ? call.Command : client.LastCommand, text);
        }

        call.Reply.Verbatim("txt"u8, Encoding.Latin1.GetBytes(text.ToString()));
    }

    public static void RunOwn(Call call)
    {
        var text = new StringBuilder();
        Describe(call.Client, call.Command, text);
        call.Reply.Verbatim("txt"u8, Encoding.Latin1.GetBytes(text.ToString()));
    }

    private static void Describe(Session client, Command? command, StringBuilder text)
    {
        var connection = client.Connection;
        var now = client.Engine.Time.GetUtcNow();
        var (used, room) = connection.InputBytes;
        var output = connection.OutputBytes;
        var queued = client.Transaction.IsOpen ? client.Transaction.Queue.Count : -1;
        text.Append(
            CultureInfo.InvariantCulture,
            $"id={connection.Id} addr={client.Address} laddr={client.LocalAddress} fd=-1 name={client.Name} ");
        text.Append(
            CultureInfo.InvariantCulture,
            $"age={Seconds(now - connection.ConnectedAt)} idle={Seconds(now - connection.LastInteraction)} flags={FlagsOf(client)} db={client.Database} ");
        text.Append(
            CultureInfo.InvariantCulture,
            $"sub={client.Subscriptions.Count(ChannelKind.Channel)} psub={client.Subscriptions.Count(ChannelKind.Pattern)} ssub={client.Subscriptions.Count(ChannelKind.Shard)} multi={queued} ");
        text.Append(
            CultureInfo.InvariantCulture,
            $"qbuf={used} qbuf-free={room - used} argv-mem=0 multi-mem={client.Transaction.Bytes} rbs=0 rbp=0 obl={output} oll=0 omem={output} tot-mem={connection.MemoryBytes + client.Transaction.Bytes} ");
        text.Append(
            CultureInfo.InvariantCulture,
            $"events=r cmd={command?.Name ?? "NULL"} user=default redir={ClientTracking.RedirectOf(client)} resp={client.Protocol}\n");
    }

    private static long Seconds(TimeSpan time) => Math.Max(0, (long)time.TotalSeconds);

    private static string FlagsOf(Session client)
    {
        var flags = client.Engine.Monitors.Contains(client) ? "O" : "";
        if (client.Subscriptions.Any)
            flags += 'P';
        if (client.Transaction.IsOpen)
            flags += 'x';
        if (client.IsBlocked)
            flags += 'b';
        if (client.Tracker is { State: { IsOn: true } state } tracker)
        {
            flags += 't';
            if (tracker.IsRedirectBroken)
                flags += 'R';
            if (state.Is(TrackingMode.Broadcast))
                flags += 'B';
        }

        if (client.Transaction.IsSpoiled)
            flags += 'd';
        if (client.ReadsCopies)
            flags += 'r';
        return flags.Length == 0 ? "N" : flags;
    }
}
