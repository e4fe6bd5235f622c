
namespace Groundwork.Cache.Commands;

/// <summary>
/// What was counted of all commands, and of the errors that they answered.
/// </summary>
/// <remarks>Each thread counts in a place of its own, without locks and without a cache line that travels; sums are taken when somebody
/// asks. Threads share a place only where more than <see cref="Places"/> run commands, and then may lose a count. Errors are counted
/// under a lock. Thread-safe.</remarks>
internal sealed class CommandStats(int commands)
{
    /// <summary>How many threads count without sharing.</summary>
    public const int Places = 64;

    /// <summary>How many different codes of errors are told apart; further ones count as <c>OTHER</c>.</summary>
    public const int MaxErrorCodes = 128;

    private readonly CommandCounts[]?[] _places = new CommandCounts[Places][];
    private readonly CommandCounts[] _before = new CommandCounts[commands];
    private readonly Dictionary<string, long> _errors = [];
    private readonly Lock _gate = new();

    /// <summary>All errors that were answered.</summary>
    public long Errors
    {
        get
        {
            lock (_gate)
                return _errors.Values.Sum();
        }
    }

    /// <summary>Where this thread counts a command.</summary>
    public ref CommandCounts Of(Command command)
    {
        var place = Environment.CurrentManagedThreadId & (Places - 1);
        return ref (_places[place] ?? Create(place))[command.Number];
    }

    /// <summary>A command has run.</summary>
    public void Ran(Command command, long nanoseconds, bool failed)
    {
        ref var counts = ref Of(command);
        counts.Calls++;
        counts.Nanoseconds += nanoseconds;
        counts.Times[TimeBuckets.Of(nanoseconds)]++;
        if (failed)
            counts.Failed++;
    }

    /// <summary>A command that waited ended with an error.</summary>
    public void Failed(Command command, ReadOnlySpan<byte> code)
    {
        Of(command).Failed++;
        CountError(code);
    }

    /// <summary>An error was answered.</summary>
    public void CountError(ReadOnlySpan<byte> code)
    {
        var text = System.Text.Encoding.Latin1.GetString(code);
        lock (_gate)
        {
            if (!_errors.ContainsKey(text) && _errors.Count >= MaxErrorCodes)
                text = "OTHER";
            _errors[text] = _errors.GetValueOrDefault(text) + 1;
        }
    }

    /// <summary>How often each code of errors was answered.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> ErrorCounts()
    {
        lock (_gate)
            return [.. _errors.OrderBy(e => e.Key, StringComparer.Ordinal)];
    }

    /// <summary>What was counted of a command since it was reset.</summary>
    public CommandCounts Sum(Command command)
    {
        var sum = SumOfAll(command.Number);
        sum.Add(_before[command.Number], -1);
        return sum;
    }

    /// <summary>How many commands have run.</summary>
    public long Calls()
    {
        var calls = 0L;
        for (var i = 0; i < commands; i++)
        {
            foreach (var place in _places)
                calls += place is null ? 0 : place[i].Calls;
            calls -= _before[i].Calls;
        }

        return calls;
    }

    /// <summary>Forgets what was counted of one command.</summary>
    public void Reset(Command command) => _before[command.Number] = SumOfAll(command.Number);

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        for (var i = 0; i < commands; i++)
            _before[i] = SumOfAll(i);
        lock (_gate)
            _errors.Clear();
    }

    private CommandCounts SumOfAll(int number)
    {
        var sum = default(CommandCounts);
        foreach (var place in _places)
        {
            if (place is not null)
                sum.Add(place[number], 1);
        }

        return sum;
    }

    private CommandCounts[] Create(int place)
    {
        Interlocked.CompareExchange(ref _places[place], new CommandCounts[commands], null);
        return _places[place]!;
    }
}
