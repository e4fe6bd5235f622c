using System.Text;

namespace Groundwork.Cache.Commands;

/// <summary>
/// Clients that see what all others ask for. One that does not keep up is cut off as any that does not read. Thread-safe.
/// </summary>
internal sealed class Monitors
{
    // What is longer is cut.
    private const int MaxLineBytes = 64 * 1024;

    private readonly Lock _gate = new();
    private volatile Session[] _clients = [];

    /// <summary>Whether there are any.</summary>
    public bool Any => _clients.Length > 0;

    /// <summary>One more.</summary>
    public void Add(Session client)
    {
        lock (_gate)
        {
            if (!_clients.Contains(client))
                _clients = [.. _clients, client];
        }
    }

    /// <summary>One less.</summary>
    public void Remove(Session client)
    {
        lock (_gate)
            _clients = [.. _clients.Where(c => c != client)];
    }

    /// <summary>Whether a client is one.</summary>
    public bool Contains(Session client) => _clients.Contains(client);

    /// <summary>Shows a command, unless it may carry a password or is for whoever runs the server.</summary>
    public void Show(Call call, Command command)
    {
        if (command.Is(CommandFlags.Secret) || command.Is(CommandFlags.Admin))
            return;
        var now = call.Engine.Time.GetUtcNow();
        var line = new StringBuilder();
        line.Append('+').Append(now.ToUnixTimeSeconds()).Append('.').Append($"{now.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond:D6}");
        line.Append(" [").Append(call.Database).Append(' ').Append(call.Client.Address).Append(']');
        for (var i = 0; i < call.Count && line.Length < MaxLineBytes; i++)
        {
            line.Append(" \"");
            foreach (var c in call[i][..Math.Min(call[i].Length, MaxLineBytes)])
                Append(line, c);
            line.Append('"');
        }

        var bytes = Encoding.ASCII.GetBytes(line.Append("\r\n").ToString());
        foreach (var client in _clients)
            client.Connection.Post(bytes);
    }

    private static void Append(StringBuilder line, byte c)
    {
        switch (c)
        {
            case (byte)'\\' or (byte)'"':
                line.Append('\\').Append((char)c);
                break;
            case (byte)'\n':
                line.Append("\\n");
                break;
            case (byte)'\r':
                line.Append("\\r");
                break;
            case (byte)'\t':
                line.Append("\\t");
                break;
            case >= 32 and < 127:
                line.Append((char)c);
                break;
            default:
                line.Append($"\\x{c:x2}");
                break;
        }
    }
}
