using System.Text;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands;

/// <summary>The commands that took long, the last ones of them. Thread-safe.</summary>
internal sealed class SlowLog
{
    private const int MaxArguments = 32;
    private const int MaxArgumentBytes = 128;

    private readonly Queue<SlowCommand> _entries = new();
    private readonly Lock _gate = new();
    private long _nextId;
    private long _microseconds = 10_000;
    private int _capacity = 128;

    /// <summary>What takes longer is noted, in microseconds; 0 for everything, -1 for nothing.</summary>
    public long Microseconds
    {
        get => Volatile.Read(ref _microseconds);
        set
        {
            Volatile.Write(ref _microseconds, value);
            ThresholdNanoseconds = value < 0 ? long.MaxValue : Math.Min(value, long.MaxValue / 1000) * 1000;
        }
    }

    /// <summary>As <see cref="Microseconds"/>, to compare with.</summary>
    public long ThresholdNanoseconds { get; private set; } = 10_000_000;

    /// <summary>How many are kept, 0 to 1,000,000.</summary>
    public int Capacity
    {
        get => _capacity;
        set
        {
            lock (_gate)
            {
                _capacity = value;
                Trim();
            }
        }
    }

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _entries.Count;
        }
    }

    /// <summary>Notes a command.</summary>
    public void Add(Session client, Command command, Arguments arguments, long nanoseconds, long now)
    {
        var shown = command.Is(CommandFlags.Secret) ? [command.Name, "(redacted)"] : Shorten(arguments);
        lock (_gate)
        {
            _entries.Enqueue(new SlowCommand(_nextId++, now / 1000, nanoseconds / 1000, shown, client.Address, client.Name));
            Trim();
        }
    }

    /// <summary>The last ones, the newest first.</summary>
    public IReadOnlyList<SlowCommand> Last(long count)
    {
        lock (_gate)
            return [.. _entries.Reverse().Take((int)Math.Min(count, int.MaxValue))];
    }

    /// <summary>Forgets all of them.</summary>
    public void Clear()
    {
        lock (_gate)
            _entries.Clear();
    }

    private void Trim()
    {
        while (_entries.Count > _capacity)
            _entries.Dequeue();
    }

    private static string[] Shorten(Arguments arguments)
    {
        var shown = new string[Math.Min(arguments.Count, MaxArguments)];
        for (var i = 0; i < shown.Length; i++)
        {
            var argument = arguments[i];
            shown[i] = i == MaxArguments - 1 && arguments.Count > MaxArguments
                ? $"... ({arguments.Count - i} more arguments)"
                : argument.Length <= MaxArgumentBytes
                    ? Encoding.Latin1.GetString(argument)
                    : $"{Encoding.Latin1.GetString(argument[..MaxArgumentBytes])}... ({argument.Length - MaxArgumentBytes} more bytes)";
        }

        return shown;
    }
}

/// <summary>A command that took long.</summary>
/// <param name="Id">Counted from 0.</param>
/// <param name="At">When it ended, in Unix seconds.</param>
/// <param name="Microseconds">How long it took.</param>
/// <param name="Arguments">Its arguments, shortened, a character a byte.</param>
/// <param name="Address">Its client's address.</param>
/// <param name="Name">Its client's name.</param>
internal sealed record SlowCommand(long Id, long At, long Microseconds, IReadOnlyList<string> Arguments, string Address, string Name);
