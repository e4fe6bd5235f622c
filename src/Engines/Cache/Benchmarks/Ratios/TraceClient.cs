using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Groundwork.Cache.Benchmarks.Ratios;

/// <summary>
/// Asks a server of either kind for the keys of a trace, in order, and puts each in that was not there: in one command, so that many can
/// be under way on one connection and none overtakes another.
/// </summary>
/// <param name="port">Where it listens.</param>
/// <param name="isRedis">Whether it is redis-server, where a script does it: its <c>SET … NX GET</c> counts a hit as two uses.</param>
internal sealed class TraceClient(int port, bool isRedis) : IAsyncDisposable
{
    private const int Batch = 256;
    private const int MaxValueBytes = 8192;

    private static readonly byte[] Script = Encoding.ASCII.GetBytes(
        "if redis.call('GET',KEYS[1]) then return 1 end redis.call('SET',KEYS[1],ARGV[1]) return 0");

    private static readonly byte[] Value = Enumerable.Repeat((byte)'x', MaxValueBytes).ToArray();

    private readonly MemoryStream _requests = new();
    private readonly byte[] _answers = new byte[1 << 20];
    private Stream? _stream;
    private byte[] _sha = [];
    private int _from;
    private int _to;

    /// <summary>Connects, and empties the server.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_stream is null)
        {
            var client = new TcpClient { NoDelay = true };
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            _stream = client.GetStream();
        }

        await AskAsync(cancellationToken, "FLUSHALL"u8.ToArray());
        if (isRedis)
            _sha = await AskAsync(cancellationToken, "SCRIPT"u8.ToArray(), "LOAD"u8.ToArray(), Script);
    }

    /// <summary>Asks for keys.</summary>
    /// <returns>How many were there.</returns>
    public async Task<long> RunAsync(IEnumerable<int> keys, Func<int, int> bytesOf, CancellationToken cancellationToken)
    {
        var hits = 0L;
        foreach (var batch in keys.Chunk(Batch))
        {
            foreach (var key in batch)
                Write(key, bytesOf(key));
            await SendAsync(cancellationToken);
            for (var i = 0; i < batch.Length; i++)
            {
                if (await ReadAsync(cancellationToken) is { Length: > 0 } answer && answer is not [(byte)'0'])
                    hits++;
            }
        }

        return hits;
    }

    /// <summary>How many keys are there.</summary>
    public async Task<int> CountAsync(CancellationToken cancellationToken) =>
        int.Parse(await AskAsync(cancellationToken, "DBSIZE"u8.ToArray()), CultureInfo.InvariantCulture);

    /// <summary>The bytes that count against the bound.</summary>
    public async Task<long> MemoryAsync(CancellationToken cancellationToken)
    {
        var info = Encoding.ASCII.GetString(await AskAsync(cancellationToken, "INFO"u8.ToArray(), "memory"u8.ToArray()));
        return long.Parse(info.Split("used_memory:")[1].Split('\r')[0], CultureInfo.InvariantCulture);
    }

    /// <summary>Sets the bound.</summary>
    public Task SetMemoryAsync(long bytes, CancellationToken cancellationToken) =>
        AskAsync(cancellationToken, "CONFIG"u8.ToArray(), "SET"u8.ToArray(), "maxmemory"u8.ToArray(), Text(bytes));

    /// <summary>Sets who leaves.</summary>
    public Task SetPolicyAsync(string policy, CancellationToken cancellationToken) =>
        AskAsync(cancellationToken, "CONFIG"u8.ToArray(), "SET"u8.ToArray(), "maxmemory-policy"u8.ToArray(), Encoding.ASCII.GetBytes(policy));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_stream is not null)
            await _stream.DisposeAsync();
    }

    private void Write(int key, int bytes)
    {
        Span<byte> name = stackalloc byte[16];
        "key:"u8.CopyTo(name);
        Utf8Formatter.TryFormat(key, name[4..], out var digits, new System.Buffers.StandardFormat('D', 8));
        name = name[..(4 + digits)];
        if (isRedis)
        {
            Header(5);
            Bulk("EVALSHA"u8);
            Bulk(_sha);
            Bulk("1"u8);
            Bulk(name);
            Bulk(Value.AsSpan(0, bytes));
            return;
        }

        Header(5);
        Bulk("SET"u8);
        Bulk(name);
        Bulk(Value.AsSpan(0, bytes));
        Bulk("NX"u8);
        Bulk("GET"u8);
    }

    private async Task<byte[]> AskAsync(CancellationToken cancellationToken, params byte[][] words)
    {
        Header(words.Length);
        foreach (var word in words)
            Bulk(word);
        await SendAsync(cancellationToken);
        return await ReadAsync(cancellationToken);
    }

    private void Header(int words) => _requests.Write(Encoding.ASCII.GetBytes($"*{words}\r\n"));

    private void Bulk(ReadOnlySpan<byte> bytes)
    {
        _requests.Write(Encoding.ASCII.GetBytes($"${bytes.Length}\r\n"));
        _requests.Write(bytes);
        _requests.Write("\r\n"u8);
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        await _stream!.WriteAsync(_requests.GetBuffer().AsMemory(0, (int)_requests.Length), cancellationToken);
        _requests.SetLength(0);
    }

    // A line, or what follows it; nothing for a null.
    private async ValueTask<byte[]> ReadAsync(CancellationToken cancellationToken)
    {
        int end;
        while ((end = _answers.AsSpan(_from, _to - _from).IndexOf("\r\n"u8)) < 0)
            await FillAsync(cancellationToken);
        var line = _answers.AsSpan(_from, end).ToArray();
        _from += end + 2;
        if (line[0] == '-')
            throw new InvalidOperationException(Encoding.ASCII.GetString(line));
        if (line[0] != '$' || line[1] == '-')
            return line[0] == '$' || line[0] == '_' ? [] : line[1..];
        var length = int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
        while (_to - _from < length + 2)
            await FillAsync(cancellationToken);
        var bytes = _answers.AsSpan(_from, length).ToArray();
        _from += length + 2;
        return bytes;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        _answers.AsSpan(_from, _to - _from).CopyTo(_answers);
        (_from, _to) = (0, _to - _from);
        var read = await _stream!.ReadAsync(_answers.AsMemory(_to), cancellationToken);
        if (read == 0)
            throw new EndOfStreamException("The server closed the connection.");
        _to += read;
    }

    private static byte[] Text(long number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));
}
